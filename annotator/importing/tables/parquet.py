"""Parquet: columns with types, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from annotator.errors import ImportingError
from annotator.importing.tables.table import Row, Table
from annotator.importing.tables.values import text_of

BATCH = 2048  # rows


def opened(path: Path) -> Table:
    """The table in a Parquet file; categories are read as what they stand for.

    Raises:
        ImportingError: no Parquet file, or a damaged one; the rows raise it as well.
        OSError: the file cannot be read.
    """
    try:
        with pq.ParquetFile(path) as file:
            columns = tuple(file.schema_arrow.names)
    except pa.ArrowException as problem:
        raise _unreadable(path, problem) from problem
    return Table(path, columns, partial(_rows, path), unit="row", typed=True)


def _rows(path: Path) -> Iterator[Row]:
    number = 0
    try:
        with pq.ParquetFile(path, memory_map=True) as file:
            for batch in file.iter_batches(BATCH, use_threads=False):
                for cells in zip(*map(_cells, batch.columns), strict=True):
                    number += 1
                    yield Row(number, cells)
    except (pa.ArrowException, OSError) as problem:  # a disk that fails, or damage: both are that
        raise _unreadable(path, problem) from problem


def _cells(column: pa.Array) -> list[str]:
    values = column.to_pylist()
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        # As short as it was written: 0.1, not the 0.10000000149 that 64 bits make of it
        kind = np.float32 if pa.types.is_float32(column.type) else np.float16
        values = [None if value is None else kind(value) for value in values]
    return [text_of(value) for value in values]


def _unreadable(path: Path, problem: Exception) -> ImportingError:
    what = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
    return ImportingError(f"Cannot read {path} as Parquet: {what}. Write it anew.")
