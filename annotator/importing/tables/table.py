"""A table as all its kinds are seen: columns by position, and rows that can be read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, from 1, and a cell a column; an empty cell holds nothing."""

    number: int  # of the line in which it begins, or among the rows where there are no lines
    cells: Sequence[str]
    wrong: str = ""  # why it cannot be read
    short: bool = False  # whether it had fewer cells than there are columns


@dataclass(frozen=True, slots=True)
class Table:
    """A table that lies in a file; each call of `rows` reads it once, row by row."""

    path: Path
    columns: Sequence[str]  # two may have the same name, and one may have none
    rows: Callable[[], Iterator[Row]]
    unit: str = "line"  # what a number counts: lines of the file, or rows
    typed: bool = False  # whether the file itself tells numbers from text
    notes: tuple[str, ...] = ()  # what to know about how it is read

    def at(self, number: int) -> str:
        """`line 7`."""
        return f"{self.unit} {number:,}"
