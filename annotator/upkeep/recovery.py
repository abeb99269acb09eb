"""Bringing images back: out of the backup itself, or from where it says that they lie."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from annotator.errors import SPOILT_ZIP
from annotator.model import StoredFile
from annotator.project import Workspace, private
from annotator.upkeep.archive import pour, sha256_of

Seen = Callable[[int], None]  # called with how many images have been looked for


def bring_back(
    files: Iterable[StoredFile],
    made: Workspace,
    archive: zipfile.ZipFile | None,
    places: Sequence[Path],
    seen: Seen | None = None,
) -> list[str]:
    """Put every image into a new workspace; return the names of those that are nowhere.

    An image counts as found only with the bytes by which it is known, to the last one.

    Args:
        files: of images and pages that the database of the workspace knows, each once.
        made: the new workspace.
        archive: the backup, if it is one that may hold images.
        places: other workspaces to look in, in this order.
        seen: called with how many images have been looked for.

    Raises:
        OSError: the workspace cannot be written.
    """
    lost = []
    for number, each in enumerate(files, 1):
        target = made.image_path(each.stored)
        target.parent.mkdir(private.FOLDER, exist_ok=True)
        sources = (Workspace(place).image_path(each.stored) for place in places)
        if not _unpacked(each, archive, target) and not any(
            _taken(each, source, target) for source in sources
        ):
            lost.append(each.name)
        if seen:
            seen(number)
    return lost


def _unpacked(file: StoredFile, archive: zipfile.ZipFile | None, target: Path) -> bool:
    """Unpack an image, if it is in the backup as it was."""
    if archive is None or file.stored not in archive.NameToInfo:
        return False
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, private.FILE)
        with os.fdopen(handle, "wb") as out, archive.open(file.stored) as packed:
            found = pour(packed, out)
            os.fsync(handle)
    except SPOILT_ZIP:
        found = ""
    if found != file.sha256:
        target.unlink(missing_ok=True)
    return found == file.sha256


def _taken(file: StoredFile, source: Path, target: Path) -> bool:
    """Link an image, which nobody ever changes in place, or copy it from another disk."""
    if sha256_of(source) != file.sha256:
        return False
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(source, target)
    return True
