"""Files that a browser has sent, laid out in a folder as a source of their own names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from annotator.importing.containers import CONTAINERS
from annotator.importing.containers.layout import CLUTTER
from annotator.importing.tables import TABLES

LONGEST = 200  # bytes of one name; file systems take 255, and a number may come before


def to_look_at(files: Iterable[tuple[str, bytes]], folder: Path) -> Path:
    """Write the files, each (name, content), below `folder`; return what a look should begin at.

    That is the one file that tells of the others, where a table beside them would not be found by
    the look itself; else the folder, or the one that a browser has sent as a whole.
    """
    tables = _laid(files, folder)
    entries = list(folder.iterdir())
    if len(tables) == 1 and (tables[0].suffix.lower() not in TABLES or entries == tables):
        return tables[0]
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else folder


def _laid(files: Iterable[tuple[str, bytes]], folder: Path) -> list[Path]:
    """Write the files below `folder`; return those of them that tell of others, such as tables.

    One whose name is taken lies in a folder with a number.
    """
    tables = []
    for name, content in files:
        path = _free(folder, _below(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.suffix.lower() in CONTAINERS:
            tables.append(path)
    return tables


def _below(name: str) -> PurePosixPath:
    """The name as a path that stays in the folder: what leads up or is hidden by a dot is cut.

    A browser may send any name; each is one that a disk can have and an import does not pass over.
    """
    text = name.encode("utf-8", "replace").decode()  # half a character pair is none
    parts = [part.lstrip(".") for part in text.replace("\\", "/").replace("\0", "").split("/")]
    seen = [f"_{part}" if part.casefold() in CLUTTER else part for part in parts if part]
    return PurePosixPath(*[_short(part) for part in seen] or ["unnamed"])


def _short(part: str) -> str:
    """A name of at most LONGEST bytes, with its suffix."""
    _, dot, suffix = part.rpartition(".")
    end = f"{dot}{suffix}" if dot and len(suffix) < 10 else ""
    room = LONGEST - len(end.encode())
    return part.removesuffix(end).encode()[:room].decode(errors="ignore") + end


def _free(folder: Path, below: PurePosixPath) -> Path:
    """Where a file of that name can lie, though others do, perhaps named as a folder of its own."""
    path, number = folder / below, 2
    while path.exists() or any(each.is_file() for each in path.parents):
        path, number = folder / str(number) / below, number + 1
    return path
