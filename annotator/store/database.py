"""One SQLite file in WAL mode, one connection a thread, read-then-write under BEGIN IMMEDIATE."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlite_utils

from annotator.project import private
from annotator.store.migrations import migrate
from annotator.store.views import CURRENT_LABEL

Row = dict[str, Any]
BUSY_MS = 30_000  # how long a writer waits for another before it gives up


class Database:
    """A thread-safe handle: each thread that touches it gets a connection of its own.

    Raises:
        WorkspaceError: a newer version wrote the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        with suppress(OSError):  # SQLite says what is wrong
            private.make(path)  # the logs beside it get its rights
        connection = connect(path)
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    @property
    def connection(self) -> sqlite_utils.Database:
        """This thread's connection, opened when it is first asked for."""
        found: sqlite_utils.Database | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._keep(connect(self.path))
        return found

    def _keep(self, connection: sqlite_utils.Database) -> sqlite_utils.Database:
        """Make a connection this thread's own, with the views that each one has."""
        connection.conn.execute(CURRENT_LABEL)
        self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        found: sqlite_utils.Database | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            del self._local.connection

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """Hold the write lock from the first statement to the commit; roll back on any error.

        Inside another `immediate` of the same thread it joins that transaction.
        """
        connection = self.connection.conn
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query, as dicts."""
        cursor = self.connection.conn.execute(sql, parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        found = self.connection.conn.execute(sql, parameters or {}).fetchone()
        return found[0] if found else None

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Execute one statement; return how many rows it changed."""
        return self.connection.conn.execute(sql, parameters or {}).rowcount

    def run_many(self, sql: str, parameters: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each mapping, in one transaction."""
        with self.immediate():
            self.connection.conn.executemany(sql, parameters)


def connect(path: Path) -> sqlite_utils.Database:
    """Open a connection that waits for writers, checks references and survives a power cut."""
    connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")  # an acknowledged label is on the disk
    connection.execute("PRAGMA foreign_keys = ON")
    return sqlite_utils.Database(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite itself does not wait for the lock that this takes."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            locked = problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # whatever its kind
            if not locked or time.monotonic() > end:  # a full disk is told at once
                raise
            time.sleep(0.01)
        else:
            return
