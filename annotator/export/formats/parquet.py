"""A Parquet file beside the images: the columns of the CSV file with their types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.export.formats.csv import places
from annotator.export.line import COLUMNS, Line, cells

__all__ = ["places", "write"]

TYPES = {"confidence": pa.float64(), "round": pa.int64()}  # all else is text
SCHEMA = pa.schema([(column, TYPES.get(column, pa.string())) for column in COLUMNS])


def write(folder: Path, lines: Sequence[Line]) -> None:
    """Write labels.parquet."""
    columns = zip(*cells(lines), strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), folder / "labels.parquet")
