"""A cache with one row an image in one file; it is trusted as far as its note proves it.

The note beside the file has a line for each part that was written: its first and last row, a
checksum of its bytes, and a few digits of each image's name. What is short, changed, noted wrongly
or not at all, or was made of other images (the database came back from a backup) is computed anew.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.project.names import DIGITS, Names

Array = NDArray[Any]
CHUNK = 256  # images computed, written and noted at once


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that were written at once."""

    start: int
    stop: int
    checksum: int
    names: str  # DIGITS for each row


class Rows:
    """Row i belongs to image i; the file grows with the images.

    Args:
        path: of the file; the note lies beside it.
        shape: of a row.
        dtype: of its numbers.
        names: of all images, in the order of the rows; a name stands for a content.
    """

    def __init__(
        self, path: Path, shape: tuple[int, ...], dtype: str, names: Sequence[str] | Names
    ) -> None:
        self.path, self.shape, self.dtype = path, shape, np.dtype(dtype)
        self.names = names if isinstance(names, Names) else Names(names)
        self._note = path.with_suffix(".rows")
        self._row_bytes = int(np.prod(shape)) * self.dtype.itemsize

    @property
    def filled(self) -> int:
        """Rows from the first on that are there and right, at most one an image."""
        if not self.path.exists():
            return 0
        parts, stop = self._noted(), 0
        with self.path.open("rb") as file:
            while (part := parts.get(stop)) and self._right(part, file.read):
                stop = part.stop
        return min(stop, len(self.names))

    @property
    def lacking(self) -> int:
        """About how many rows are to be computed: by the length of the file, as that is quick."""
        there = self.path.stat().st_size // max(1, self._row_bytes) if self.path.exists() else 0
        return max(0, len(self.names) - there)

    def _noted(self) -> dict[int, Part]:
        """The parts in the note by their first row, the last line of each; bad lines are none."""
        try:
            lines = self._note.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return {}
        found = (_part(line) for line in lines)
        return {part.start: part for part in found if part}

    def _right(self, part: Part, read: Callable[[int], bytes]) -> bool:
        """Whether a part is of these images and its bytes are as they were written."""
        rows = part.stop - part.start
        known = self.names.between(part.start, part.stop)
        if len(part.names) != DIGITS * rows or not part.names.startswith(known):
            return False
        content = read(rows * self._row_bytes)
        return len(content) == rows * self._row_bytes and zlib.crc32(content) == part.checksum

    def fill(self, compute: Callable[[int, int], Array]) -> Iterator[int]:
        """Compute the rows that are missing or wrong in chunks; yield how many are there.

        What a killed process had written of an unfinished chunk is computed again.

        Raises:
            WorkspaceError: what was computed is not a number.
        """
        self.path.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.touch()
        yield (start := self.filled)
        for first, stop in self._missing(start):
            self.keep(first, compute(first, stop))
            yield stop

    def missing(self) -> list[tuple[int, int]]:
        """The chunks that are missing or wrong, in order: first row, and the one after the last."""
        return list(self._missing(self.filled))

    def _missing(self, start: int) -> Iterator[tuple[int, int]]:
        """The chunks from a row on; only what lies before a good one may be wrong."""
        parts, n = self._noted(), len(self.names)
        while start < n:
            part = parts.get(start)
            if part and self._is_right(part):
                start = min(part.stop, n)
                continue
            stop = min(start + CHUNK, n)
            yield start, stop
            start = stop

    def _is_right(self, part: Part) -> bool:
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            file.seek(part.start * self._row_bytes)
            return self._right(part, file.read)

    def keep(self, start: int, rows: Array) -> None:
        """Write the rows (n, *shape) of a chunk and note them: from then on they are trusted.

        Raises:
            WorkspaceError: one is not a number.
        """
        content = self._content(rows)
        self.path.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        self.path.touch()
        with self.path.open("r+b") as file:
            file.seek(start * self._row_bytes)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        names = self.names.between(start, start + len(rows))
        self._remember(Part(start, start + len(rows), zlib.crc32(content), names))

    def _content(self, computed: Array) -> bytes:
        rows = np.ascontiguousarray(computed, self.dtype)
        if not np.isfinite(rows).all():
            raise WorkspaceError(
                f"What was computed for {self.path.name} is not a number. Run it once more; if "
                "that does not help, choose another backbone on Settings."
            )
        return rows.tobytes()

    def _remember(self, part: Part) -> None:
        """Add a line to the note; another worker may do so as well."""
        line = f"\n{part.start} {part.stop} {part.checksum} {part.names}\n"  # after a torn one too
        with self._note.open("ab") as note:
            note.write(line.encode())
            note.flush()
            os.fsync(note.fileno())

    def read(self, n: int | None = None) -> Array:
        """The first n rows, (n, *shape), one an image by default, without loading them.

        `fill` must have brought them.
        """
        rows = len(self.names) if n is None else n
        return np.memmap(self.path, self.dtype, "r", shape=(rows, *self.shape))


def _part(line: str) -> Part | None:
    """Read a line of the note; None if it is none."""
    try:
        start, stop, checksum, names = line.split(" ")
        part = Part(int(start), int(stop), int(checksum), names)
    except ValueError:
        return None
    return part if 0 <= part.start < part.stop else None
