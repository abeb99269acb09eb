"""Before the schema changes: a copy of the database as the earlier version left it."""

from __future__ import annotations

import time
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.project.files import keep_names
from annotator.store.keeping.copies import copy
from annotator.store.keeping.soundness import empty, schema

FOLDER = "backups"  # beside the database
KEPT = 3  # copies, of the newest changes


def keep(database: Path, known: int) -> Path | None:
    """Copy the database if it is older than this version; None if it is new or up to date.

    Args:
        database: the file, before any step of this version has touched it.
        known: how many steps this version knows.

    Raises:
        WorkspaceError: it cannot be copied, so it must not be changed either.
    """
    found = schema(database)
    if not 0 < found < known or empty(database):
        return None
    folder = database.parent / FOLDER
    stamp = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{time.monotonic_ns() % 10**6:06d}"
    target = folder / f"schema-{found}-{stamp}.db"
    try:
        folder.mkdir(private.FOLDER, exist_ok=True)
        copy(database, target)
        if schema(target) != found:  # another process was quicker: its copy is the earlier one
            target.unlink()
            return None
        keep_names([folder, folder.parent])  # the schema must not outlive a copy without a name
        others = [each for each in folder.glob("schema-*.db") if each != target]
        for old in sorted(others, key=lambda each: each.stat().st_mtime)[: 1 - KEPT]:
            old.unlink(missing_ok=True)  # never the one just made, whatever the clock says
    except OSError as problem:
        raise WorkspaceError(
            f"Cannot keep a copy of {database} before its schema changes: {problem.strerror}. "
            f"Make room in {folder}, or give yourself the right to write there."
        ) from problem
    return target
