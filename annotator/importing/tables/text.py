"""Tables as text (CSV, TSV): whatever parts the cells, and in which letters they are written."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.tables.encoding import encoding
from annotator.importing.tables.table import Row, Table
from annotator.model.cells import MARKED, unmarked

DELIMITERS = ",;\t|"
SAID = re.compile(r"\s*\"?sep=(.)\"?[,;\t]*\s*", re.IGNORECASE)  # a line for spreadsheets alone


def opened(path: Path) -> Table:
    """The table in a text file: its first line that is not blank names the columns.

    What parts the cells is what a line `sep=;` says, else what the header has most of.

    Raises:
        ImportingError: no text, of an encoding that is not read, or with quotation marks that
            never close; the rows raise it as well.
        OSError: the file cannot be read.
    """
    name, note = encoding(path)
    skipped, delimiter = 0, ""
    with path.open(encoding=name, newline="") as file:
        for number, line in enumerate(file, 1):
            if said := SAID.fullmatch(line):
                skipped, delimiter = number, said[1]
            elif line.strip():
                delimiter = delimiter or _parting(line)
                break
    lines = partial(_lines, path, name, delimiter or ",", skipped)
    header = next(lines(), (0, []))[1]
    columns = tuple(cell.strip() for cell in header)
    rows = partial(_rows, lines, columns, delimiter)
    return Table(path, columns, rows, notes=(note,) if note else ())


def _parting(header: str) -> str:
    """What the header has most of, quotation marks and what they hold aside."""
    return max(DELIMITERS, key=re.sub(r'"[^"]*"', "", header).count)


def _lines(path: Path, name: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the line in which it begins, cells) of each row that holds anything."""
    with path.open(encoding=name, newline="") as file:
        for _ in range(skipped):
            file.readline()
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = skipped
        try:
            while True:
                number = skipped + reader.line_num + 1
                cells = next(reader)
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except StopIteration:
            return
        except csv.Error as problem:
            why = (
                "a quotation mark opens there and never closes"
                if "unexpected end" in str(problem) or "field limit" in str(problem)
                else problem
            )
            raise ImportingError(
                f"Cannot read {path} as CSV, in the row that begins in line {number}: {why}. "
                'Put what has quotation marks in it between two, and each of its own twice: "".'
            ) from problem


def _rows(
    lines: partial[Iterator[tuple[int, list[str]]]], columns: Sequence[str], delimiter: str
) -> Iterator[Row]:
    found = lines()
    next(found, None)  # the header
    marks = columns.index(MARKED) if MARKED in columns else None
    for number, cells in found:
        if any(cell.strip() for cell in cells[len(columns) :]):
            mark = "tab" if delimiter == "\t" else delimiter
            wrong = (
                f"{len(cells)} cells, but the header has {len(columns)}: put quotation marks "
                f"around what has '{mark}' in it, or name the columns that lack a name"
            )
            yield Row(number, (), wrong)
            continue
        missing = len(columns) - len(cells)
        cells = [*cells[: len(columns)], *[""] * missing]
        if marks is not None and cells[marks] == MARKED:
            cells = [unmarked(cell) for cell in cells]
        yield Row(number, cells, short=missing > 0)
