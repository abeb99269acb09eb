"""A copy of a database that others write meanwhile, by SQLite's online backup; judged at once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.store.keeping.soundness import damage, reading

BUSY_SECONDS = 30.0  # how long a copy waits for a writer that keeps the file to itself
IN_USE_SECONDS = 0.5


def copy(source: Path, target: Path) -> None:
    """Copy a database as it stands at this moment into a new file that its owner alone may read.

    Readers and writers of `source` go on. The copy is one file, without a log beside it, and has
    been looked through before this returns.

    Raises:
        WorkspaceError: there is no database, it or its copy is damaged, or there is no room.
        OSError: `target` is there already, or its folder cannot be written.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private.FILE))
    try:
        _fill(source, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _fill(source: Path, target: Path) -> None:
    try:
        with closing(reading(source, BUSY_SECONDS)) as now, closing(sqlite3.connect(target)) as new:
            now.backup(new)  # all pages in one step: a writer can neither wait nor start it anew
            new.execute("PRAGMA journal_mode = DELETE")
        found = damage(target)
    except sqlite3.Error as problem:
        raise WorkspaceError(
            f"{source} cannot be copied to {target.parent}: {problem}. Make room there; if that is "
            "not it, `certilabel doctor` says more."
        ) from problem
    if found:
        raise WorkspaceError(
            f"{source} is damaged, so no copy of it was kept ({found[0]}). Bring an earlier one "
            "back with `certilabel restore`."
        )


def let_go(path: Path) -> None:
    """Free what a copied database holds for processes and pages that do not know the copy.

    A job that was running waits to be taken up: that its worker is elsewhere is not its fault.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM worker")
        db.execute(
            """UPDATE job SET state = 'queued', lease_until = 0, worker = NULL
               WHERE state = 'running'"""
        )
        db.execute("UPDATE queue SET holder = NULL, until = 0")
        db.execute("COMMIT")


def in_use(path: Path) -> bool:
    """Whether another connection has the database open; one that is damaged or gone is not.

    Leaving the write-ahead log takes the whole file, which SQLite gives to nobody while another
    connection is open. The next one to open it goes back to the log.
    """
    try:
        with closing(reading(path, IN_USE_SECONDS)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
    except WorkspaceError:  # there is none, and none is made
        return False
    except sqlite3.Error as problem:
        return (getattr(problem, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY
    return False
