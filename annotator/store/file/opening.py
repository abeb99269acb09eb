"""Connections to the file: what must be there is never made anew."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from annotator.project import private
from annotator.store.file.faults import MISSING, NOT_MADE, OUT_OF_REACH, THERE, in_words, told
from annotator.store.file.library import sqlite_utils

BUSY_MS = 30_000  # how long a writer waits for another before it gives up


def connect(path: Path) -> sqlite_utils.Database:
    """Open a connection that waits for writers, checks references and survives a power cut.

    Raises:
        StoreError: the file is missing, damaged, locked, or may not be written.
    """
    with in_words(path):
        # Without this mode a database that was lost would be an empty one from now on
        where = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(where, uri=True, timeout=BUSY_MS / 1000, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")  # an acknowledged label is on the disk
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return sqlite_utils.Database(connection)


def make(path: Path) -> None:
    """Make an empty file where there is none.

    Raises:
        StoreError: there is one already, or its folder cannot be written.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, private.FILE))
    except FileExistsError as problem:
        raise told(path, THERE) from problem
    except OSError as problem:
        raise told(path, NOT_MADE, problem.strerror) from problem


def identity(path: Path) -> tuple[int, int]:
    """What tells the file from another that takes its place.

    Raises:
        StoreError: it is missing, or its folder is closed to us.
    """
    try:
        found = path.stat()
    except FileNotFoundError as problem:
        raise told(path, MISSING) from problem
    except OSError as problem:
        raise told(path, OUT_OF_REACH, problem.strerror) from problem
    return found.st_dev, found.st_ino


def write_ahead(db: sqlite_utils.Database) -> None:
    """Switch to the write-ahead log; SQLite itself does not wait for the lock that this takes.

    It writes into the file, also into one that is none of ours: look before.
    """
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            db.conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            locked = problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # whatever its kind
            if not locked or time.monotonic() > end:  # a full disk is told at once
                raise
            time.sleep(0.01)
        else:
            return
