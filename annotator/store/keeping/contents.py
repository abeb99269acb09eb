"""What a copied database is about, read without opening it as a workspace's own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.model import StoredFile
from annotator.store.documents.pages import files_of
from annotator.store.keeping.soundness import reading


def files(path: Path) -> list[StoredFile]:
    """Every file that the images and pages of a database lie in, whatever its schema.

    Raises:
        WorkspaceError: there is no such file, or it is no database of ours.
    """
    try:
        with closing(reading(path)) as db:
            return files_of(db)
    except sqlite3.Error as problem:
        raise WorkspaceError(f"{path} is no database of Certilabel: {problem}.") from problem
