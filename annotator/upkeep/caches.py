"""Caches that cannot be right: what is damaged may go, for it is computed anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.imaging.shown.kept import damaged
from annotator.project import Workspace, graphs

PIXELS = re.compile(r"pixels-(\d+)x(\d+)")  # channels, pixels a side
CHUNK = 1 << 22  # numbers looked at once


def broken(workspace: Workspace, images: int) -> dict[Path, str]:
    """Files of caches that are short, of too many images, of no numbers, or that nothing explains.

    Args:
        workspace: whose caches.
        images: how many images it has.

    Returns:
        each file, and what is wrong with it; its note, if it has one, is a file of its own.
    """
    found: dict[Path, str] = {}
    for path in sorted(workspace.features.rglob("*.json")):
        if wrong := _wrong(path, images):
            found |= dict.fromkeys(_together(path), wrong)
    for path in (workspace.embeddings, workspace.map):
        if path.exists() and (wrong := _unreadable(path)):
            found[path] = wrong
    for path in workspace.graphs.glob("*.npz"):
        if graphs.read(path) is None:
            found[path] = "it is not as it was written"
    return found | damaged(workspace.shown)


def _together(note: Path) -> Iterator[Path]:
    """A note and the rows that it is about."""
    yield note
    yield from (each for each in _rows(note) if each.exists())


def _rows(note: Path) -> tuple[Path, Path]:
    return note.with_suffix(".u8"), note.with_suffix(".f16")


def _wrong(note: Path, images: int) -> str:
    """What is wrong with a note or its rows; empty if nothing can be seen."""
    try:
        said = json.loads(note.read_text())
        rows = int(said["images" if note.name == "color.json" else "rows"])
    except (OSError, ValueError, KeyError, TypeError):
        return "its note cannot be read"
    if rows > images:
        return f"it says that it has {rows:,} of {images:,} images"
    if note.name == "color.json" or rows == 0:
        return ""
    there = [each for each in _rows(note) if each.exists()]
    return _of_rows(there[0], rows) if there else "its rows are gone"


def _of_rows(path: Path, rows: int) -> str:
    if match := PIXELS.fullmatch(path.stem):
        wanted = rows * int(match[1]) * int(match[2]) ** 2
        return "" if path.stat().st_size >= wanted else "it is short"
    if path.stat().st_size < 2 * rows:
        return "it is short"
    return "" if _finite(np.memmap(path, np.float16, "r")) else "some of it is no number"


def _unreadable(path: Path) -> str:
    try:
        return (
            "" if _finite(np.load(path, mmap_mode="r").reshape(-1)) else "some of it is no number"
        )
    except (OSError, ValueError, EOFError):
        return "it cannot be read"


def _finite(numbers: NDArray[np.floating]) -> bool:
    """Whether every one of (N,) numbers is one."""
    parts = range(0, len(numbers), CHUNK)
    return all(bool(np.isfinite(numbers[start : start + CHUNK]).all()) for start in parts)
