"""The rows of a CSV file: a path each, relative to the CSV, and perhaps a label."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.containers.folder import FOLDERS, LINK
from annotator.importing.source import Source, Wanted
from annotator.model import Refused, Told
from annotator.model.cells import MARKED, unmarked
from annotator.project.within import within

PATH = "path"
LABEL = "label"
SHA256, FILE_SHA256 = "sha256", "file_sha256"


def sources(table: Path, wanted: Wanted) -> Iterator[Source | Refused]:
    """Yield the file of each row; its class is in the wanted column, by default `label`.

    A link that leads out of the table's folder is refused by its name unless `wanted.links`.

    Raises:
        ImportingError: no column `path`, no column of that name, or not a CSV file in UTF-8.
    """
    label = wanted.labels
    if label == FOLDERS:
        raise ImportingError(
            "A CSV file has no folders to label by: name its column of labels, or leave "
            "`--labels` out to use the column 'label'."
        )
    columns, lines = read(table)
    column = label or (LABEL if LABEL in columns else None)
    for needed in filter(None, (PATH, column)):
        if needed not in columns:
            raise ImportingError(f"{table}: {unknown('column', needed, columns)}")
    for number, line in lines:
        name = line[PATH]
        if not name:
            yield Refused(f"line {number}", "no path in this line")
            continue
        path = inside(table.parent, name)
        if path is None:
            yield Refused(name, "outside the folder of the CSV file; move either of them")
        elif not wanted.links and within(path, [table.parent]) is None:
            yield Refused(name, LINK)
        else:
            # Of an export: the image that the row is about, and the bytes beside the table
            original = line.get(SHA256, "") if FILE_SHA256 in columns else ""
            yield Source(path, name, Told((line[column] or None) if column else None), original)


def read(table: Path) -> tuple[Sequence[str], list[tuple[int, dict[str, str]]]]:
    """Read (columns, [(line number, {column: text without blanks around it})]).

    Comma, semicolon and tab separate, whichever the header has most of.

    Raises:
        ImportingError: not a CSV file in UTF-8, or without a line below its header.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(",;\t", key=header.count), strict=True)
            columns = [column.strip() for column in next(reader, [])]
            lines = [
                (reader.line_num, dict.fromkeys(columns, "") | _named(columns, cells))
                for cells in reader
                if any(cell.strip() for cell in cells)
            ]
    except UnicodeDecodeError as problem:
        raise ImportingError(f"{table} is not UTF-8. Save it as 'CSV UTF-8'.") from problem
    except OSError as problem:
        raise ImportingError(f"Cannot read {table}: {problem.strerror}.") from problem
    except csv.Error as problem:
        raise ImportingError(f"Cannot read {table} as CSV: {problem}.") from problem
    if not lines:
        raise ImportingError(
            f"{table} has no rows. It needs a header with the column '{PATH}', then an image a row."
        )
    return columns, lines


def inside(folder: Path, name: str) -> Path | None:
    """The path that a row names, or None if it leads out of the CSV's folder."""
    path = Path(os.path.normpath(folder / name))
    if "\\" in name and not path.is_file():  # a table made on Windows
        path = Path(os.path.normpath(folder / name.replace("\\", "/")))
    return path if path.is_relative_to(os.path.normpath(folder)) else None


def _named(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
    if row.get(MARKED) != MARKED:
        return row
    return {column: unmarked(cell).strip() for column, cell in row.items()}
