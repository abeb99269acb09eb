"""Every file below a folder, in the order of its path; hidden files stay out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.containers.layout import CLUTTER, is_folder, layout
from annotator.importing.source import Source, Wanted
from annotator.model import Refused
from annotator.project.within import within

FOLDERS = "folders"
LINK = "a link that leads out of the source; `certilabel import --follow-links` takes it"


def sources(folder: Path, wanted: Wanted, workspace: Path) -> Iterator[Source | Refused]:
    """Yield each file below `folder`; if it is wanted, its first-level folder is its label.

    Where the first-level folders divide the source into train, val and test, the folder below them
    is the label. Links to folders are followed, each folder once. A link that leads out of `folder`
    is refused by its name unless `wanted.links`, and so is a folder that cannot be read. The
    workspace is left out.

    Raises:
        ImportingError: labels are wanted from a column, or it is not clear which folders are
            classes.
    """
    if wanted.labels not in (None, FOLDERS):
        raise ImportingError(unknown("way to label a folder", wanted.labels, [FOLDERS]))
    tell = layout(folder, classes=wanted.labels == FOLDERS)
    seen = {_identity(workspace)}
    for found in _walk(folder, "", seen, None if wanted.links else folder):
        yield found if isinstance(found, Refused) else Source(*found, tell(found[1]))


def _walk(
    folder: Path, prefix: str, seen: set[tuple[int, int]], border: Path | None
) -> Iterator[tuple[Path, str] | Refused]:
    """Yield (path, name below the source) of each file; links may not lead across the border."""
    try:
        identity = _identity(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        name = prefix or f"{readable(folder.name)}/"
        yield Refused(name, "no permission to read this folder")
        return
    if identity in seen:  # a link that leads back
        return
    seen.add(identity)
    for entry in entries:
        if entry.name.startswith(".") or entry.name.casefold() in CLUTTER:
            continue
        name = prefix + readable(entry.name)
        if border and entry.is_symlink() and within(entry.path, [border]) is None:
            yield Refused(name, LINK)
        elif is_folder(entry):
            yield from _walk(Path(entry.path), f"{name}/", seen, border)
        else:
            yield Path(entry.path), name


def readable(name: str) -> str:
    """The name as text: bytes that are no UTF-8 become question marks, all else stays as it is."""
    return os.fsencode(name).decode("utf-8", "replace")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
