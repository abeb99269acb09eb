"""JSON Lines: an object a line; its keys are the columns, and what it lacks is an empty cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from annotator.importing.tables.encoding import encoding
from annotator.importing.tables.table import Row, Table
from annotator.importing.tables.values import text_of


def opened(path: Path) -> Table:
    """The table in a file of JSON lines. A line that is no object of plain values is a wrong row.

    Raises:
        ImportingError: no text, or of an encoding that is not read.
        OSError: the file cannot be read.
    """
    name, note = encoding(path)
    columns: dict[str, None] = {}  # in the order in which they are met
    for _, line in _lines(path, name):
        found = _object(line)
        if isinstance(found, dict):
            columns |= dict.fromkeys(found)
    rows = partial(_rows, path, name, tuple(columns))
    return Table(path, tuple(columns), rows, typed=True, notes=(note,) if note else ())


def _lines(path: Path, name: str) -> Iterator[tuple[int, str]]:
    with path.open(encoding=name, newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def _rows(path: Path, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    for number, line in _lines(path, name):
        found = _object(line)
        if isinstance(found, str):
            yield Row(number, (), found)
            continue
        yield Row(number, [text_of(found.get(column)) for column in columns])


def _object(line: str) -> dict[str, Any] | str:
    """The object in a line, or why it is none."""
    try:
        found = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        return f"no JSON ({problem})"
    return found if isinstance(found, dict) else 'no JSON object, such as {"path": "a.png"}'


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{twice}' stands in it twice")
    return found
