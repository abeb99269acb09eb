"""What is known of an export before its first row: formats write headers and folders by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from annotator.model import ExportRow


class Rows(Protocol):
    """The rows of an export, however many: read one by one, as often as it takes."""

    def __iter__(self) -> Iterator[ExportRow]: ...

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How many rows there are by class, split and source."""
        ...

    def claim(self, name: str) -> bool:
        """Take a name, unless a row has taken it before; say whether it was free."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """Of the workspace, and of how it is asked for."""

    classes: tuple[str, ...]  # all that there are, in their order, and any that a row has
    counts: Mapping[tuple[str, str, str], int]  # (class, split, source) -> rows
    provenance: Mapping[str, object]  # how the labels came about
    rows: Rows
    images: bool  # whether images lie beside the table
    safe_cells: bool  # whether text that a spreadsheet would run is marked as text

    def of_split(self, split: str) -> set[str]:
        """The classes that rows of a split have."""
        return {label for label, where, _ in self.counts if where == split}

    def missing(self) -> list[str]:
        """The classes that no row has."""
        found = {label for label, _, _ in self.counts}
        return [label for label in self.classes if label not in found]


def about(
    rows: Rows,
    classes: tuple[str, ...],
    provenance: Mapping[str, object],
    *,
    images: bool,
    safe_cells: bool,
) -> About:
    """Put it together."""
    counts = rows.counts()
    every = tuple(dict.fromkeys((*classes, *(label for label, _, _ in counts if label))))
    return About(every, counts, provenance, rows, images, safe_cells)
