"""What SQLite complains of, in words that name the file and the way out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.errors import StoreError
from annotator.store.file.backups import way_back

LOCKED = "The database {} is locked by another program. Close what has it open, then try again."
FULL = "The database {} cannot grow: the disk is full. Make room, then try again."
FAILING = (
    "The database {} cannot be read or written: the disk is full or fails. Make room, or look "
    "after the disk, then try again."
)
CLOSED = (
    "The database {} cannot be opened for writing: a right is missing, or the disk is read-only or "
    "full. Give yourself the right to write it and its folder, or make room."
)
DAMAGED = "The database {} is damaged."
EMPTIED = "The database {} is damaged: it holds no tables."
MISSING = (
    "The database {} is missing. If nothing was ever labeled here, delete the workspace and make "
    "it anew with `certilabel init`."
)
REPLACED = "The database {} was replaced by another while something was written. Try again."
OTHERWISE = "The database {} cannot be used. If that does not pass, a backup takes its place."
THERE = "The database {} is there already. Nothing is written over: move it away."
NOT_MADE = "The database {} cannot be made."
OUT_OF_REACH = "The database {} cannot be reached."

LOST = (DAMAGED, EMPTIED, MISSING, OTHERWISE)  # where a backup is the way out

WORDS = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_READONLY: CLOSED,
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_AUTH: CLOSED,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


def told(path: Path, what: str, detail: object = "") -> StoreError:
    """The error that says `what` is wrong with the database at `path`, in one of these sentences.

    A `detail` of whoever noticed is told behind it, and how a lost one comes back.
    """
    said = [what.format(path)]
    if what in LOST:
        said.append(way_back(path.parent))
    if detail:
        said.append(f"The reason: {detail}.")
    return StoreError(" ".join(said))


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into a StoreError; mistakes of ours stay what they are."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as problem:
        if _is_missing(path):
            raise told(path, MISSING) from problem
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF  # whatever its kind
        raise told(path, WORDS.get(code, OTHERWISE), problem) from problem


def _is_missing(path: Path) -> bool:
    """Whether there is no such file; one in a folder that is shut to us may be there."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False
