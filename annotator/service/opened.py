"""What every subject of the service stands on: one workspace and its store."""

from __future__ import annotations

from annotator.project import Workspace
from annotator.store import Store


class Opened:
    """One workspace, opened. Threads may share it.

    Raises:
        StoreError: the database is missing, emptied or damaged, or cannot be written.
        WorkspaceError: a newer version wrote the workspace, or its secret is damaged.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = Store(workspace.database)
        self._log = workspace.log
        self.name = workspace.root.resolve().name

    def check(self) -> None:
        """Look the database over before anybody relies on it.

        Raises:
            StoreError: it is damaged, or cannot be written.
            WorkspaceError: the folder cannot be written, or its disk is full.
        """
        self.store.db.check()
        self.workspace.check()
