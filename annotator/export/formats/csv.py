"""A CSV file (RFC 4180, UTF-8) beside the images, an empty cell where there is no value."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from annotator.export.line import COLUMNS, Line, cells
from annotator.model import ExportRow
from annotator.model.cells import MARKED, marked


def places(rows: Sequence[ExportRow]) -> list[str]:
    """Where each image goes: by its content, as no two images have the same."""
    return [f"images/{row.image.stored.rpartition('/')[2]}" for row in rows]


def write(folder: Path, lines: Sequence[Line]) -> None:
    """Write labels.csv.

    Text is the user's own, unchanged. So a class named "NA" needs `keep_default_na=False` in
    pandas, and a spreadsheet must import the columns as text, or "=…" is a formula to it.
    """
    _write(folder, COLUMNS, cells(lines))


def write_for_spreadsheet(folder: Path, lines: Sequence[Line]) -> None:
    """Write labels.csv with an apostrophe before text that a spreadsheet would run.

    The column `marked` says so: an import of the table takes the apostrophes away again.
    """
    rows = [
        (*(marked(cell) if isinstance(cell, str) else cell for cell in row), MARKED)
        for row in cells(lines)
    ]
    _write(folder, (*COLUMNS, MARKED), rows)


def _write(folder: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
