"""A table as import uses it: what each column says, and what to know before a row is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from annotator.errors import ImportingError
from annotator.importing.deciding.splits import part_of
from annotator.importing.tables import own
from annotator.importing.tables.addresses import is_address
from annotator.importing.tables.columns import LABEL, PATH, Columns, folded
from annotator.importing.tables.table import Row, Table
from annotator.importing.tables.values import Numeric, Unfit
from annotator.model import Given, Told
from annotator.wording import many


class Reading:
    """Looks a table through, then tells of each row what it says of its image.

    Args:
        table: it is read once here, and once more by whoever asks for its rows.
        labels: the column of classes, by default `label`.
        group: the column of what belongs together, if there is one of this name.
        key: the column by which images are known, by default that of their paths.

    Raises:
        ImportingError: no column of paths, or several; not the columns that are wanted; no rows.
    """

    def __init__(
        self,
        table: Table,
        labels: str | None = None,
        group: str | None = None,
        key: str | None = None,
    ) -> None:
        self.table = table
        self.own = own.is_own(table.columns) and labels in (None, LABEL)
        if not table.columns:
            raise _empty(table)
        columns = Columns(table)
        self.path = columns.named(key) if key else columns.path()
        self.label = columns.label(labels)
        self._cells = {name: columns.maybe(name) for name in table.columns}
        self._group = (
            columns.perhaps(group) if group else (self._cells.get("group") if self.own else None)
        )
        self._part = None if self.own else columns.perhaps("split")
        self._sources = [at for at, name in enumerate(table.columns) if folded(name) == own.SOURCE]
        if self.own:
            for name in own.OWN:
                columns.named(name)  # there may be one of each, or nobody knows whose word counts
        self._labels, self._groups = Numeric(), Numeric()
        self.rows = self.addresses = 0
        self._short, self._pseudo, self._no_parts = list[int](), 0, Counter[str]()
        self._look_through()
        self.notes = [*table.notes, *columns.notes, *self._found()]

    def told(self, row: Row) -> Told:
        """What a row says of its image, beside where it lies.

        Raises:
            UnclearError: it says what cannot be, in words that name it.
        """
        if row.wrong:
            raise own.UnclearError(row.wrong)
        for at in (self.path, self.label, self._group):
            if at is not None and isinstance(cell := row.cells[at], Unfit):
                raise own.UnclearError(f"column '{self.table.columns[at]}' holds {cell}")
        label, group = self._text(row, self.label), self._text(row, self._group)
        place, named = self.table.at(row.number), partial(self.cell, row)
        if self.own:
            given, split = own.given(named, label), own.split(named)
            flag, note = own.marks(named)
            return Told(label or None, given, split, group=group, place=place, flag=flag, note=note)
        given = Given(own.PSEUDO) if self._is_machines(row) else Given()
        part = part_of(self._text(row, self._part))
        return Told(label or None, given, part=part, group=group, place=place)

    def cell(self, row: Row, name: str) -> str:
        """What stands in the column of this name; empty if there is none, or more than one."""
        at = self._cells.get(name)
        return "" if at is None else row.cells[at]

    def _is_machines(self, row: Row) -> bool:
        """Whether a row is of a pseudo-label, in any table that says so."""
        return any(row.cells[at].strip().casefold() == own.PSEUDO for at in self._sources)

    def _text(self, row: Row, at: int | None) -> str:
        """What a cell means; empty where there is no such column."""
        if at is None:
            return ""
        text = row.cells[at].strip()
        read = {self.label: self._labels, self._group: self._groups}.get(at)
        return read.read(text) if read else text

    def _look_through(self) -> None:
        """Read the table once: nothing is taken of it before all of it is known."""
        columns = [(self.label, self._labels), (self._group, self._groups)]
        numbers = [] if self.own or self.table.typed else columns
        for row in self.table.rows():
            self.rows += 1
            if row.wrong:
                continue
            if row.short:
                self._short.append(row.number)
            self.addresses += is_address(row.cells[self.path])
            self._pseudo += self._is_machines(row)
            part = self._text(row, self._part)
            if part and not part_of(part):
                self._no_parts[part] += 1
            for at, read in numbers:
                read.see("" if at is None else row.cells[at].strip())
        if not self.rows:
            raise _empty(self.table)

    def _found(self) -> Iterator[str]:
        """What was found out about the table as a whole."""
        if self.own:
            told = "with whose they are, when they were given, and what each image is kept for"
            yield f"an export of Certilabel: labels come back as what they were, {told}"
        if self._pseudo:
            labels = many(self._pseudo, "pseudo-label is", "pseudo-labels are")
            yield f"{labels} a model's word, which never becomes a person's"
        for at, read in ((self.label, self._labels), (self._group, self._groups)):
            if at is not None and read.changes:
                yield f"column '{self.table.columns[at]}' {read.note}"
        if self._no_parts:
            words = ", ".join(f"'{word}' ({n:,})" for word, n in self._no_parts.most_common(5))
            yield f"column 'split' says what is no part of a data set, and tells nothing: {words}"
        if self._short:
            first, n = self.table.at(self._short[0]), len(self._short)
            rows = f"1 row, {first}, has" if n == 1 else f"{n:,} rows, the first in {first}, have"
            yield f"{rows} fewer cells than the header; what is missing counts as empty"


def _empty(table: Table) -> ImportingError:
    """Why no row can be read."""
    first = next(table.rows(), None)
    if first and first.wrong:
        return ImportingError(f"Cannot read {table.path}, {table.at(first.number)}: {first.wrong}.")
    return ImportingError(
        f"{table.path} has no rows. It needs a header with the column '{PATH}', then an image a "
        "row."
    )
