"""A CSV file (RFC 4180, UTF-8) beside the images, an empty cell where there is no value."""

from __future__ import annotations

import csv
from typing import Any

from typing_extensions import override

from annotator.export.formats.format import Format
from annotator.export.line import COLUMNS, PLAIN, Line, plain
from annotator.model import ExportRow
from annotator.model.cells import MARKED, marked

TRUTHS = tuple(column for column, kind in PLAIN.items() if kind == "truth")
TRUTH: dict[object, str] = {True: "true", False: "false"}


class Csv(Format):
    """Text is the user's own, unchanged, unless cells are to be safe in a spreadsheet.

    Then text that a spreadsheet would run begins with an apostrophe, and the column `marked` says
    so: an import of the table takes the apostrophes away again.
    """

    says = "one table, labels.csv, with the images beside it"
    reader = "pandas"
    sheet = True

    @override
    def begin(self) -> None:
        self._safe = self.about.safe_cells
        self._rows: Any = csv.writer(self.text("labels.csv"))
        self._rows.writerow((*COLUMNS, MARKED) if self._safe else COLUMNS)

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        found = plain(line)
        for column in TRUTHS:
            found[column] = TRUTH.get(found[column])
        values = list(found.values())
        if self._safe:
            values = [marked(each) if isinstance(each, str) else each for each in values]
            values.append(MARKED)
        self._rows.writerow(values)
