"""A Parquet file beside the images: the columns of the CSV file with their types."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from typing_extensions import override

from annotator.export.formats.format import Format
from annotator.export.line import KINDS, Kind, Line, cells
from annotator.model import ExportRow

GROUP = 10_000  # rows of a row group: what is in memory at once

TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "count": pa.int64(),
    "truth": pa.bool_(),
    "shares": pa.map_(pa.string(), pa.float64()),
}


class Table:
    """A Parquet file that is written a group of rows at a time."""

    def __init__(self, path: Path, columns: Mapping[str, Kind]) -> None:
        self._schema = pa.schema([(name, TYPES[kind]) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(path, self._schema)
        self._rows: list[Mapping[str, object]] = []

    def add(self, row: Mapping[str, object]) -> None:
        """Write a row, by column."""
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()


class Parquet(Format):
    """Text is text, numbers are numbers, and what is not there is null."""

    says = "one table with typed columns, labels.parquet, with the images beside it"
    reader = "pandas, pyarrow or DuckDB"

    @override
    def begin(self) -> None:
        self._table = Table(self.folder / "labels.parquet", KINDS)
        self.open.callback(self._table.close)

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        self._table.add(cells(line))
