"""A table before it is read: its columns, its first rows, and what would come of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from annotator.errors import ImportingError
from annotator.importing.containers.folder import FOLDERS
from annotator.importing.containers.table import item_of
from annotator.importing.deciding.matching import Known
from annotator.importing.looking.watch import kind_of
from annotator.importing.source import Absent, Wanted
from annotator.importing.tables import opened
from annotator.importing.tables.addresses import is_address
from annotator.importing.tables.columns import LABEL, MEANT, PATH, PATHS, Columns, folded, is_index
from annotator.importing.tables.files import Files, UnfoundError
from annotator.importing.tables.own import is_own
from annotator.importing.tables.reading import Reading
from annotator.importing.tables.table import Row, Table
from annotator.importing.tables.values import Unfit
from annotator.model import NOTHING, How, TableOutcome, TableSeen

NOBODY, PLAIN = Known(), Wanted()
ROWS = 5  # that are shown
TRIED = 20  # rows by which a column of paths is told
LONGEST = 200  # characters of a cell that are shown


def seen(path: Path, how: How) -> TableSeen:
    """What a table says of itself, and what of it would be a guess.

    Raises:
        ImportingError: it cannot be read, or lacks the columns that are wanted.
    """
    table = opened(path)
    if not any(table.columns):
        raise ImportingError(
            f"{path} has no header. Its first line must name the columns: '{PATH}', and '{LABEL}' "
            "where it has labels."
        )
    if is_own(table.columns):
        at, label, unclear = _own()
    else:
        at, unclear = _path(table, how)
        label, more = _label(table, how, at)
        unclear += more
    return TableSeen(
        path.name,
        tuple(table.columns),
        tuple(_shown(row) for row in islice(_good(table), ROWS)),
        sum(1 for _ in table.rows()),
        at,
        label,
        tuple(unclear),
    )


def kinds(path: Path, column: str | None) -> Counter[str]:
    """Files that a table names, by suffix."""
    table = opened(path)
    at = table.columns.index(column) if column in table.columns else None
    return Counter(
        "" if row.wrong or at is None else kind_of(row.cells[at]) for row in table.rows()
    )


def named(path: Path, column: str, files: Collection[str], above: str) -> int:
    """How many rows of a table name one of these files.

    Args:
        path: of the table.
        column: of paths.
        files: names below the source.
        above: what leads from the source to the table's folder, empty or with a slash at its end.
    """
    table = opened(path)
    at = table.columns.index(column)
    return sum(above + _alike(str(row.cells[at])) in files for row in _good(table))


def _alike(name: str) -> str:
    return normalize("NFC", name.strip().replace("\\", "/").removeprefix("./"))


def by_name(path: Path, column: str, known: Known) -> int:
    """How many rows of a table name no file that is there, but an image of the workspace."""
    reading, files = Reading(opened(path), "", None, column), Files(path.parent)
    absent = [_absent(reading, files, row) for row in _good(reading.table)]
    return sum(known.among([each for each in absent if each]))


def outcome(path: Path, how: How, known: Known = NOBODY) -> TableOutcome:
    """What would come of a table, were it read so, by the images that are known.

    Raises:
        ImportingError: it cannot be read so.
    """
    labels = None if how.labels == FOLDERS else how.labels
    reading, files = Reading(opened(path), labels, None, how.path), Files(path.parent)
    classes, unlabeled = Counter[str](), 0
    missing, absent = dict[int, str](), dict[int, Absent]()  # by the row
    for row in reading.table.rows():
        if row.wrong:
            missing[row.number] = reading.table.at(row.number)
            continue
        told = _text(reading, row)
        classes.update([told] if told else [])
        unlabeled += not told
        name = str(row.cells[reading.path])
        if not is_address(name) and not _is_there(files, name):
            missing[row.number] = name
            if each := _absent(reading, files, row):
                absent[row.number] = each
    for number, here in zip(absent, known.among(list(absent.values())), strict=True):
        if here:
            del missing[number]
    return TableOutcome(
        reading.rows,
        len(missing),
        next(iter(missing.values()), ""),
        dict(classes.most_common()),
        unlabeled,
        sum(number not in missing for number in absent),
    )


def _absent(reading: Reading, files: Files, row: Row) -> Absent | None:
    """What a row says of an image whose file is not there; None where it is, or it names none."""
    name = str(row.cells[reading.path])
    if not name.strip() or is_address(name):
        return None
    found = item_of(files, name, reading, row, NOTHING, PLAIN)
    return found if isinstance(found, Absent) else None


def _text(reading: Reading, row: Row) -> str:
    if reading.label is None or isinstance(row.cells[reading.label], Unfit):
        return ""
    return str(reading.told(row).label or "").strip() if not reading.own else ""


def _own() -> tuple[str | None, str | None, list[str]]:
    """The columns of an export of ours, all of which are clear."""
    return PATH, LABEL, []


def _path(table: Table, how: How) -> tuple[str | None, list[str]]:
    """The column of paths, which may be a guess, and what is not clear about it."""
    if how.path:
        return table.columns[Columns(table).named(how.path)], []
    for names in PATHS:
        found = [name for name in table.columns if folded(name) in names]
        if len(found) == 1:
            taken = f"column '{found[0]}' is taken for the one that names the files"
            return found[0], [] if found[0] == PATH else [taken]
        if found:
            return _best(table, found), [f"{_each(found)} may name the files"]
    guess = _best(table, [name for name in table.columns if name])
    seems = f"; '{guess}' does, by its first rows" if guess else ""
    return guess, [f"no column is called '{PATH}' and so names the files{seems}"]


def _best(table: Table, columns: Sequence[str]) -> str | None:
    """The one of these columns whose first rows name most files that are there, if any do."""
    files, hits = Files(table.path.parent), Counter[str]()
    places = [(name, at) for at, name in enumerate(table.columns) if name in columns]
    for row in islice(_good(table), TRIED):
        for name, at in places:
            cell = str(row.cells[at]).strip()
            hits[name] += _is_there(files, cell)
    (best, count), *_ = hits.most_common(1) or [("", 0)]
    return best if count else None


def _is_there(files: Files, name: str) -> bool:
    """Whether a row names a file."""
    try:
        return bool(name.strip()) and files.path(name).is_file()
    except (UnfoundError, OSError):
        return False


def _label(table: Table, how: How, path: str | None) -> tuple[str | None, list[str]]:
    """The column of classes, which may be a guess, and what is not clear about it."""
    if how.labels and how.labels != FOLDERS:
        return table.columns[Columns(table).named(how.labels)], []
    others = [name for name in table.columns if name and name != path and not is_index(name)]
    for known in ({LABEL}, MEANT):
        found = [name for name in others if folded(name) in known]
        if found == [LABEL]:
            return LABEL, []
        if len(found) == 1:
            return found[0], [f"column '{found[0]}' looks like the one that holds the labels"]
        if found:
            return None, [f"{_each(found)} may hold the labels"]
    return None, [f"no column is called '{LABEL}' and so holds the labels"] if others else []


def _each(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return f"each of {', '.join(quoted[:-1])} and {quoted[-1]}"


def _good(table: Table) -> Iterator[Row]:
    return (row for row in table.rows() if not row.wrong)


def _shown(row: Row) -> tuple[str, ...]:
    return tuple(str(cell)[:LONGEST] for cell in row.cells)
