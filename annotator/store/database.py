"""One SQLite file in WAL mode, one connection a thread, read-then-write under BEGIN IMMEDIATE."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.errors import StoreError
from annotator.store.file import BUSY_MS, connect, identity, in_words, make, write_ahead
from annotator.store.file.faults import DAMAGED, EMPTIED, REPLACED, told
from annotator.store.file.library import sqlite_utils
from annotator.store.keeping import before
from annotator.store.migrations import MIGRATIONS, migrate, schema
from annotator.store.views import VIEWS

Row = dict[str, Any]
Numbers = NDArray[np.int64]
BIGGEST = 2**63 - 1  # number that SQLite can hold
AT_ONCE = 200  # rows of a statement: SQLite takes 32,766 values in one


class Database:
    """A thread-safe handle: each thread that touches it gets a connection of its own.

    A database of an earlier version is copied before it is brought to this one's schema.

    Raises:
        StoreError: the file is missing, emptied or damaged, or cannot be written.
        WorkspaceError: a newer version wrote the file, or an earlier one and there is no room for
            the copy.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open()

    @classmethod
    def create(cls, path: Path) -> Database:
        """Make the file, with all tables.

        Raises:
            StoreError: it is there already, or cannot be written.
        """
        make(path)
        connection = connect(path)
        try:
            with in_words(path):
                write_ahead(connection)
                migrate(connection)
        finally:
            connection.close()
        return cls(path)

    def _open(self) -> sqlite_utils.Database:
        """Open this thread's connection, with the tables of this version and its own views."""
        connection = connect(self.path)
        try:
            with in_words(self.path):
                if not schema(connection):
                    raise told(self.path, EMPTIED)  # tables beside images must not begin anew
                before.keep(self.path, len(MIGRATIONS))
                write_ahead(connection)
                migrate(connection)
                for view in VIEWS:
                    connection.conn.execute(view)
            self._local.identity = identity(self.path)
        except BaseException:
            connection.close()
            raise
        self._local.connection = connection
        return connection

    @property
    def connection(self) -> sqlite_utils.Database:
        """This thread's connection, opened when it is first asked for.

        What was written into a file that another took the place of would be lost: so outside a
        transaction it is looked whether the file is still the one.
        """
        found: sqlite_utils.Database | None = getattr(self._local, "connection", None)
        if found is not None and found.conn.in_transaction:
            return found
        if found is not None and identity(self.path) != self._local.identity:
            self.close()
            found = None
        return found if found is not None else self._open()

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        found: sqlite_utils.Database | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            del self._local.connection

    def check(self) -> None:
        """Look the whole file over, page by page.

        Raises:
            StoreError: it is damaged, or cannot be written.
        """
        complaint = self.value("PRAGMA quick_check(1)")
        if complaint != "ok":
            raise told(self.path, DAMAGED, complaint)
        with self.immediate():
            self.run("UPDATE setting SET value = value")

    @contextmanager
    def immediate(self, wait_ms: int | None = None) -> Iterator[None]:
        """Hold the write lock from the first statement to the commit; roll back on any error.

        Inside another `immediate` of the same thread it joins that transaction.

        Raises:
            StoreError: another held the lock for `wait_ms`, or the commit failed: nothing of the
                body was written.
        """
        connection = self.connection.conn
        if connection.in_transaction:
            yield
            return
        with in_words(self.path):
            connection.execute(f"PRAGMA busy_timeout = {wait_ms or BUSY_MS}")
            try:
                connection.execute("BEGIN IMMEDIATE")
            finally:
                connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        try:
            yield
            if identity(self.path) != self._local.identity:
                raise told(self.path, REPLACED)
            with in_words(self.path):
                connection.commit()
        except BaseException:
            # A transaction left open would take in all that follows, and never commit it
            with suppress(StoreError), in_words(self.path):
                connection.rollback()
            if connection.in_transaction:
                self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See the database as it is now until the end, whoever writes meanwhile; none waits.

        What is put into temporary tables stays there. Inside a transaction of the same thread it
        joins that.
        """
        connection = self.connection.conn
        if connection.in_transaction:
            yield
            return
        with in_words(self.path):
            connection.execute("BEGIN")
        try:
            yield
            with in_words(self.path):
                connection.commit()  # of temporary tables; nothing else was written
        finally:
            with suppress(StoreError), in_words(self.path):
                connection.rollback()
            if connection.in_transaction:
                self.close()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query, as dicts."""
        with in_words(self.path):
            cursor = self.connection.conn.execute(sql, parameters or {})
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def pairs(
        self, sql: str, parameters: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Any, Any]]:
        """The rows of a query of two columns, one after the other: for many of them."""
        with in_words(self.path):
            yield from self.connection.conn.execute(sql, parameters or {})

    def each(
        self, sql: str, parameters: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a query as tuples, one after the other: for very many of them."""
        with in_words(self.path):
            yield from self.connection.conn.execute(sql, parameters or {})

    def numbers(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Numbers:
        """The whole numbers of a query of one column, (n,)."""
        return np.fromiter((row[0] for row in self.each(sql, parameters)), np.int64)

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        with in_words(self.path):
            found = self.connection.conn.execute(sql, parameters or {}).fetchone()
        return found[0] if found else None

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Execute one statement; return how many rows it changed."""
        with in_words(self.path):
            return self.connection.conn.execute(sql, parameters or {}).rowcount

    def run_many(self, sql: str, parameters: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each mapping, in one transaction."""
        with self.immediate(), in_words(self.path):
            self.connection.conn.executemany(sql, parameters)

    def insert(self, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows of values into a table as it has its columns, or as `into` names them.

        In one transaction; many rows take one statement, half of whose price is its own.
        """
        left = iter(rows)
        with self.immediate(), in_words(self.path):
            while some := list(islice(left, AT_ONCE)):
                marks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
                values = list(chain.from_iterable(some))
                self.connection.conn.execute(f"INSERT INTO {into} VALUES {marks}", values)
