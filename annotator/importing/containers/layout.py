"""What folders stand for: classes, or train, val and test with the classes below them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.deciding.splits import part_of
from annotator.model import Told

# What operating systems leave behind; names with a leading dot are hidden anyway.
CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

DEEPEST = 4  # folders that hold one folder alone, such as those that an archive unpacks to


def layout(folder: Path, *, classes: bool) -> Callable[[str], Told]:
    """How the name of a file, below `folder`, tells its class and its part of a divided source.

    Raises:
        ImportingError: folders of train, val and test stand beside others, or hold no classes.
    """
    above = _division(folder, classes)
    own = part_of(folder.name)
    if above is None:  # the first-level folder is the class
        return lambda name: Told(_at(name, 0) if classes else None, part=own)
    return lambda name: Told(
        _at(name, above + 1) if classes else None, part=part_of(_at(name, above) or "")
    )


def _at(name: str, level: int) -> str | None:
    """The folder of a file at a level; None if the file lies above it."""
    folders = name.split("/")[:-1]
    return folders[level] if level < len(folders) else None


def _division(folder: Path, classes: bool) -> int | None:
    """At which level folders divide the source into train, val and test; None if at none."""
    for level in range(DEEPEST):
        names = _folders(folder)
        parts = [name for name in names if part_of(name)]
        if parts and parts == names:
            below = any(_folders(folder / name) for name in parts)
            if below or not classes:
                return level
            if level == 0:
                raise ImportingError(
                    f"The folders {', '.join(parts)} divide the source, and hold no folders of "
                    "classes: nothing tells a label. Leave the labels out, or name them in a "
                    "table with the columns 'path' and 'label'."
                )
            return None
        if parts and level == 0 and classes:
            others = ", ".join(name for name in names if name not in parts)
            raise ImportingError(
                f"In {folder}, folders that divide a source ({', '.join(parts)}) stand beside "
                f"others ({others}), so it is not clear which are classes. Import them one by "
                "one, move some away, or name the classes in a table with the columns 'path' and "
                "'label'."
            )
        if len(names) != 1 or parts:
            return None
        folder = folder / names[0]
    return None


def _folders(folder: Path) -> list[str]:
    """The names of the folders in a folder, without those that are hidden."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if is_folder(entry)]
    except OSError:  # shut to us: reading it will say so
        return []
    return sorted(n for n in names if not n.startswith(".") and n.casefold() not in CLUTTER)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
