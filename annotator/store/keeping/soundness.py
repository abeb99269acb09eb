"""What a database file says of itself: whether it is sound, and its schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.errors import WorkspaceError

MOST_TOLD = 20  # findings of SQLite: one bad page makes many
WAIT_SECONDS = 10.0
SPOILT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
GIVEN = ("setting", "class", "image", "event")  # tables of what people put in


def reading(path: Path, wait: float = WAIT_SECONDS) -> sqlite3.Connection:
    """A connection that makes no empty file where there is none.

    It may write where the disk lets it: one that may not cannot take part in the log beside the
    file while others come and go.

    Raises:
        WorkspaceError: there is no such file.
        sqlite3.Error: it cannot be opened.
    """
    if not path.is_file():
        raise WorkspaceError(
            f"There is no database {path}. Bring it back from a backup with `certilabel restore`."
        )
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=wait)


def damage(path: Path) -> list[str]:
    """What SQLite finds wrong in a file: broken pages and indexes, then rows that lead nowhere.

    Raises:
        WorkspaceError: there is no such file, or it cannot be looked through now.
    """
    try:
        with closing(reading(path)) as db:
            told = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST_TOLD})")]
            if told != ["ok"]:
                return told
            lost = db.execute("PRAGMA foreign_key_check").fetchmany(MOST_TOLD)
    except sqlite3.Error as problem:
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF not in SPOILT:
            raise WorkspaceError(f"{path} cannot be looked through now: {problem}.") from problem
        return [str(problem)]  # so badly that it cannot even be looked through
    return [
        f"row {row} of {table} names a row of {other} that is gone" for table, row, other, _ in lost
    ]


def schema(path: Path) -> int:
    """The number of the newest migration that a file has; 0 if it is no database of ours.

    Raises:
        WorkspaceError: there is no such file.
    """
    try:
        with closing(reading(path)) as db:
            found = db.execute("SELECT MAX(number) FROM migration").fetchone()[0]
    except sqlite3.Error:
        return 0
    return int(found or 0)


def empty(path: Path) -> bool:
    """Whether nobody has put anything in yet: it was made a moment ago, or is being made.

    Raises:
        WorkspaceError: there is no such file.
        sqlite3.Error: it cannot be read.
    """
    filled = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in GIVEN)
    with closing(reading(path)) as db:
        found: tuple[int] = db.execute(f"SELECT NOT EXISTS ({filled})").fetchone()
    return bool(found[0])
