"""The rows of a metadata file, whichever of its three forms it has, a few at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.errors import ImportingError

FORMS = (".csv", ".jsonl", ".parquet")
AT_ONCE = 4096  # rows of a Parquet file


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield {column: value} for each row; the values of a CSV file are text.

    Raises:
        ImportingError: it cannot be read, or is not of the form that its name says.
    """
    try:
        yield from {".csv": _csv, ".jsonl": _lines, ".parquet": _parquet}[path.suffix](path)
    except UnicodeDecodeError as problem:
        raise ImportingError(f"{path} is not UTF-8. Save it in UTF-8.") from problem
    except (csv.Error, pa.ArrowException, ValueError) as problem:
        raise ImportingError(f"Cannot read {path}: {problem}.") from problem
    except OSError as problem:
        raise ImportingError(f"Cannot read {path}: {problem.strerror or problem}.") from problem


def columns(path: Path) -> list[str]:
    """The columns of the first row; empty if there is none.

    Raises:
        ImportingError: as `rows`.
    """
    return list(next(rows(path), {}))


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        doubled = {each for each in header if header.count(each) > 1}
        if doubled:
            raise ValueError(f"two columns are called '{min(doubled)}'")
        for cells in reader:
            if len(cells) > len(header):
                raise ValueError(f"line {reader.line_num} has more cells than there are columns")
            if any(cells):
                yield dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as problem:
                raise ValueError(f"line {number} is no JSON ({problem})") from problem
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is no object")
            yield row


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(AT_ONCE):
            yield from batch.to_pylist()
