"""The rows of a table: a path or an address each, and perhaps a label and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.containers.folder import FOLDERS, LINK, readable
from annotator.importing.deciding.groups import PARENT
from annotator.importing.fetching import Awaited, awaited
from annotator.importing.source import Absent, Item, Source, Wanted
from annotator.importing.tables import TABLES, opened
from annotator.importing.tables.addresses import is_address, public
from annotator.importing.tables.columns import Columns
from annotator.importing.tables.files import Files, SeveralError, UnfoundError, spellings
from annotator.importing.tables.own import PAGES, UnclearError, is_document, is_own
from annotator.importing.tables.reading import Reading
from annotator.importing.tables.table import Row
from annotator.model import Noted, Refused, Told
from annotator.project.within import within

SHA256, FILE_SHA256 = "sha256", "file_sha256"
DIGITS = re.compile("[0-9a-f]{64}")  # of a SHA-256
UNASKED = "an address, and nothing is fetched unless asked: `certilabel import --fetch` does"


def sources(path: Path, wanted: Wanted) -> Iterator[Item]:
    """Yield what to know about the table, then the image of each row and what the row tells of it.

    The class is in the wanted column, by default `label`. A path is relative to the table, and a
    link that leads out of its folder is refused by its name unless `wanted.links`. An address is
    fetched only with `wanted.fetch`.

    Raises:
        ImportingError: the table cannot be read, its columns are missing or unclear, or no image
            can be had from it: it names addresses alone, and none may or can be fetched.
    """
    table, labels = opened(path), wanted.labels
    if labels == FOLDERS and FOLDERS not in table.columns:
        if not is_own(table.columns):
            raise ImportingError(
                "A table has no folders to label by: name its column of labels, or leave "
                "`--labels` out to use the column 'label'."
            )
        labels = None  # of an export, the table knows better than its folders
    group = None if wanted.group == PARENT else wanted.group
    reading = Reading(table, labels, group, wanted.path)
    if reading.addresses == reading.rows and wanted.fetch is None:
        raise ImportingError(
            f"{path} names its {reading.rows:,} images by address, and nothing is fetched unless "
            "asked: `certilabel import --fetch` fetches them."
        )
    yield from (Noted(path.name, note) for note in reading.notes)
    rows = _rows(reading, wanted)
    yield from awaited(rows, wanted.fetch) if wanted.fetch else (_unasked(row) for row in rows)


def tells_group(source: Path, group: str) -> bool:
    """Whether the source is a table with a column for what belongs together.

    Raises:
        ImportingError: the table cannot be read, or several of its columns are called so.
    """
    if group == PARENT or source.suffix.lower() not in TABLES or not source.is_file():
        return False
    return Columns(opened(source)).perhaps(group) is not None


def _rows(reading: Reading, wanted: Wanted) -> Iterator[Item | Awaited]:
    table, files = reading.table, Files(reading.table.path.parent)
    for row in table.rows():
        place = table.at(row.number)
        name = "" if row.wrong else row.cells[reading.path]
        try:
            told = reading.told(row)
        except UnclearError as problem:
            yield Refused(name.strip() or place, f"{problem} ({place})" if name else str(problem))
            continue
        if not name.strip():
            yield Refused(place, f"no path in this {table.unit}")
        elif is_address(name):
            source = Source(Path(), _called(reading, row) or public(name.strip()), told)
            yield Awaited(name.strip(), source, place)
        else:
            yield item_of(files, name, reading, row, told, wanted)


def item_of(
    files: Files, name: str, reading: Reading, row: Row, told: Told, wanted: Wanted
) -> Item:
    """The file that a row names, or by what the image may be known without it."""
    called = _called(reading, row)
    try:
        path = files.path(name)
    except SeveralError as problem:
        return Refused(name.strip(), f"{problem} ({told.place})")
    except UnfoundError as problem:
        reason, sha256 = f"{problem} ({told.place})", reading.cell(row, SHA256).strip().lower()
        known = sha256 if reading.own or DIGITS.fullmatch(sha256) else ""
        spelled = (called,) if called else spellings(name)
        return Absent(called or name.strip(), known, told, reason, spelled)
    if not wanted.links and within(path, [files.folder]) is None:
        return Refused(name.strip(), LINK)
    # Of an export: the image that the row is about, and the bytes beside the table
    original = reading.cell(row, SHA256) if reading.cell(row, FILE_SHA256) else ""
    several = reading.own and is_document(reading.cell(row, PAGES))
    called = called or _below(files.folder, path, name.strip())
    return Source(path, called, told, original, is_document=several)


def _below(folder: Path, path: Path, name: str) -> str:
    """The name as the row has it, unless that is a path of another system or of this machine."""
    if "\\" in name or name.startswith("/") or name.lower().startswith("file:"):
        return readable(path.relative_to(folder).as_posix())
    return name


def _called(reading: Reading, row: Row) -> str:
    """What an export says that the image was called when it was imported."""
    return reading.cell(row, "name") if reading.own else ""


def _unasked(row: Item | Awaited) -> Item:
    if isinstance(row, Awaited):
        return Refused(row.source.name, f"{UNASKED} ({row.place})")
    return row
