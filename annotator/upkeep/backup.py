"""Making a backup while the app and a worker run: whole and looked through, or none at all."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.model import BackedUp, StoredFile
from annotator.project import Workspace, private
from annotator.project.leftovers import aside
from annotator.store.keeping import contents
from annotator.store.keeping.copies import copy
from annotator.store.keeping.soundness import schema
from annotator.upkeep.archive import (
    DATABASE,
    MANIFEST,
    UNREADABLE,
    VERSION,
    Manifest,
    beside,
    is_backup,
    pour,
    put,
    sha256_of,
)

Seen = Callable[[int], None]  # called with how many images have been read


def back_up(
    workspace: Workspace, target: Path, *, with_images: bool, seen: Seen | None = None
) -> BackedUp:
    """Write the database, and the images if asked for, into one file; caches are never in it.

    Without its images a backup names them by content, and where they lie. The file is looked
    through before it takes the place of an earlier backup of that name, and only its owner reads
    it.

    Raises:
        WorkspaceError: the place is taken by something else or cannot be written, or the database
            is gone or damaged.
    """
    target = target.expanduser().absolute()
    _check_place(target)
    archive = aside(target)
    try:
        with beside(target) as folder:
            database = folder / DATABASE
            copy(workspace.database, database)
            files = contents.files(database)
            lost = _write(workspace, database, archive, files if with_images else (), seen)
            included = len(files) - len(lost) if with_images else 0
            _finish(workspace, database, archive, len(files), included)
        _look_through(archive, included)
        put(archive, target)  # comes last: one that is killed afterwards has left nothing
        return BackedUp(target, target.stat().st_size, len(files), included, tuple(lost))
    except OSError as problem:
        raise WorkspaceError(
            f"Cannot write the backup {target}: {problem.strerror or problem}. Make room, or name "
            "a file in a folder that you may write to."
        ) from problem
    finally:
        with suppress(OSError):
            archive.unlink()  # of one that failed; one that is whole has its name


def _check_place(target: Path) -> None:
    """Refuse to take the place of anything but an earlier backup."""
    if target.exists() and not (target.is_file() and is_backup(target)):
        raise WorkspaceError(
            f"{target} is there already and is no backup. Name a new file, such as "
            f"{target.with_name('certilabel-backup.zip')}."
        )


def _write(
    workspace: Workspace,
    database: Path,
    archive: Path,
    files: Sequence[StoredFile],
    seen: Seen | None,
) -> list[str]:
    """Write database and images, a page of a document as one; return the names of those lost."""
    lost = []
    handle = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private.FILE)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as zipped:
        zipped.write(database, DATABASE, zipfile.ZIP_DEFLATED, 1)
        for number, each in enumerate(files, 1):
            path = workspace.image_path(each.stored)
            if sha256_of(path) == each.sha256:
                zipped.write(path, each.stored)
            else:
                lost.append(each.name)
            if seen:
                seen(number)
    return lost


def _finish(
    workspace: Workspace, database: Path, archive: Path, images: int, included: int
) -> None:
    """Write last what the file holds: without that it is no backup."""
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    digest = sha256_of(database) or ""
    folder = str(workspace.root.resolve())
    found = Manifest(VERSION, made, schema(database), digest, folder, images, included)
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr(MANIFEST, found.write())


def _look_through(archive: Path, included: int) -> None:
    """Read the finished file from the disk and compare it with what went in.

    Raises:
        WorkspaceError: it does not hold what it should.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            bad = zipped.testzip()
            found = Manifest.read(zipped.read(MANIFEST))
            with zipped.open(DATABASE) as database:
                same = pour(database) == found.sha256
            whole = len(zipped.namelist()) == included + 2
    except UNREADABLE as problem:
        raise WorkspaceError(_spoilt(archive, str(problem))) from problem
    if bad or not same or not whole:
        raise WorkspaceError(_spoilt(archive, bad or "not what was written"))


def _spoilt(archive: Path, why: str) -> str:
    return (
        f"The backup was written and could not be read again ({why}), so it was thrown away. The "
        f"disk of {archive.parent} may be failing: name a file on another one."
    )
