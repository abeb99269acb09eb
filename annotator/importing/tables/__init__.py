"""The kinds of tables, each by the suffix of its file. To add one: its file, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.tables import jsonl, parquet, text
from annotator.importing.tables.table import Table

TABLES: dict[str, Callable[[Path], Table]] = {
    ".csv": text.opened,
    ".jsonl": jsonl.opened,
    ".ndjson": jsonl.opened,
    ".parquet": parquet.opened,
    ".tsv": text.opened,
}


def opened(path: Path) -> Table:
    """The table in a file, by its suffix.

    Raises:
        ImportingError: no such kind, or the file cannot be read as one.
    """
    reader = TABLES.get(path.suffix.lower())
    if reader is None:
        raise ImportingError(f"{path}: {unknown('kind of table', path.suffix, TABLES)}")
    try:
        return reader(path)
    except OSError as problem:
        raise ImportingError(f"Cannot read {path}: {problem.strerror or problem}.") from problem
