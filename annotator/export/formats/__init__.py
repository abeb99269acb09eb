"""The formats of an export. To add one: its file, and a line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.export.formats import csv, folder, parquet
from annotator.export.line import Line
from annotator.model import ExportRow


@dataclass(frozen=True, slots=True)
class Format:
    """Where a format puts each image, and how it writes the table."""

    places: Callable[[Sequence[ExportRow]], list[str]]
    write: Callable[[Path, Sequence[Line]], None]
    for_spreadsheet: Callable[[Path, Sequence[Line]], None] | None = None  # none has a table for it


FORMATS = {
    "csv": Format(csv.places, csv.write, csv.write_for_spreadsheet),
    "folder": Format(folder.places, folder.write, folder.write_for_spreadsheet),
    "parquet": Format(parquet.places, parquet.write),
}
