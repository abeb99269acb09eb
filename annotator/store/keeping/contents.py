"""What a copied database is about, read without opening it as a workspace's own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.model import Image
from annotator.store.images import COLUMNS
from annotator.store.keeping.soundness import reading


def images(path: Path) -> list[Image]:
    """Every image that a file knows, by id, whatever its schema.

    Raises:
        WorkspaceError: there is no such file, or it is no database of ours.
    """
    try:
        with closing(reading(path)) as db:
            db.row_factory = sqlite3.Row
            return [
                Image(**dict(row)) for row in db.execute(f"SELECT {COLUMNS} FROM image ORDER BY id")
            ]
    except sqlite3.Error as problem:
        raise WorkspaceError(f"{path} is no database of Certilabel: {problem}.") from problem
