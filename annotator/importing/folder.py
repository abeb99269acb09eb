"""Every file below a folder, in the order of its path; hidden files stay out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from annotator.importing.check import Source
from annotator.model import Refused

# What operating systems leave behind; names with a leading dot are hidden anyway.
CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def files(folder: Path, workspace: Path, *, classes: bool) -> Iterator[Source | Refused]:
    """Yield each file below `folder`; with `classes`, its first-level folder is its label.

    Links to folders are followed, each folder once. The workspace itself is left out. A folder
    that cannot be read is refused by its name.
    """
    seen = {_identity(workspace)}
    for path, name in _walk(folder, "", seen):
        if path is None:
            yield Refused(name, "no permission to read this folder")
        else:
            first, slash, _ = name.partition("/")
            yield Source(path, name, first if classes and slash else None)


def _walk(
    folder: Path, prefix: str, seen: set[tuple[int, int]]
) -> Iterator[tuple[Path | None, str]]:
    """Yield (path, name below the source); the path is None for a folder that is closed to us."""
    try:
        identity = _identity(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield None, prefix or f"{readable(folder.name)}/"
        return
    if identity in seen:  # a link that leads back
        return
    seen.add(identity)
    for entry in entries:
        if entry.name.startswith(".") or entry.name.casefold() in CLUTTER:
            continue
        name = prefix + readable(entry.name)
        if _is_folder(entry):
            yield from _walk(Path(entry.path), f"{name}/", seen)
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
