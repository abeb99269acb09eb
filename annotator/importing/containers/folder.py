"""Every file below a folder, in the order of its path; hidden files stay out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.source import Source, Wanted
from annotator.model import Refused, Told
from annotator.project.within import within

# What operating systems leave behind; names with a leading dot are hidden anyway.
CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

FOLDERS = "folders"
LINK = "a link that leads out of the source; `certilabel import --follow-links` takes it"


def sources(folder: Path, wanted: Wanted, workspace: Path) -> Iterator[Source | Refused]:
    """Yield each file below `folder`; if it is wanted, its first-level folder is its label.

    Links to folders are followed, each folder once. A link that leads out of `folder` is refused by
    its name unless `wanted.links`, and so is a folder that cannot be read. The workspace is left
    out.

    Raises:
        ImportingError: labels are wanted from a column.
    """
    if wanted.labels not in (None, FOLDERS):
        raise ImportingError(unknown("way to label a folder", wanted.labels, [FOLDERS]))
    classes = wanted.labels == FOLDERS
    seen = {_identity(workspace)}
    for found in _walk(folder, "", seen, None if wanted.links else folder):
        if isinstance(found, Refused):
            yield found
        else:
            path, name = found
            first, slash, _ = name.partition("/")
            yield Source(path, name, Told(first if classes and slash else None))


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
        elif _is_folder(entry):
            yield from _walk(Path(entry.path), f"{name}/", seen, border)
        else:
            yield Path(entry.path), name


def readable(name: str) -> str:
    """The name as text: bytes that are no UTF-8 become question marks, all else stays as it is."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
