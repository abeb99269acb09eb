"""Graphs of nearest neighbors: found once for the same embeddings, kept on the disk, and bounded.

A file is named by what it was made of, so that what lies there holds for ever; the checksums in it
say whether it is as it was written. What is damaged, gone or was dropped is made anew.
"""

from __future__ import annotations

import logging
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.project import private
from annotator.project.files import replacing
from annotator.project.leftovers import sweep

MOST = 2**30  # bytes of all that is kept
FEW = 12  # files: a graph, and the neighbors of what is not in it, of a few sets of embeddings
DAMAGED = (OSError, TypeError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error)
Arrays = Mapping[str, NDArray[Any]]


class Graphs:
    """What is kept in one folder; it is made with the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, name: str) -> dict[str, NDArray[Any]] | None:
        """Return what was saved by this name; None if it is not there, or damaged."""
        path = self._path(name)
        found = read(path) if path.exists() else None
        with suppress(OSError):
            if found is None:
                path.unlink(missing_ok=True)
            else:
                os.utime(path)  # what was asked for last goes last
        return found

    def save(self, name: str, arrays: Arrays) -> None:
        """Keep arrays under a name; on a full disk they are made anew, as the log says."""
        try:
            self.folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
            sweep(self.folder)
            with replacing(self._path(name)) as file:
                written: Callable[..., None] = np.savez  # of which mypy has another idea
                written(file, **arrays)
            self._bound()
        except OSError as problem:
            logging.getLogger(__name__).warning(
                "Which images are alike could not be kept (%s): the next round seeks it anew.",
                problem,
            )

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"

    def _bound(self) -> None:
        """Drop what nobody has asked for longest; what was saved last stays."""
        files = sorted(self.folder.glob("*.npz"), key=lambda path: -path.stat().st_mtime_ns)
        size = 0
        for number, path in enumerate(files):
            size += path.stat().st_size
            if number and (number >= FEW or size > MOST):
                path.unlink(missing_ok=True)


def read(path: Path) -> dict[str, NDArray[Any]] | None:
    """Read a file and see that its checksums are right; None if they are not."""
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            return {each: file[each] for each in file.files}
    except DAMAGED:
        return None
