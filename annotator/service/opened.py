"""What every subject of the service stands on: one workspace and its store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.model import LOCAL, Person
from annotator.project import Workspace
from annotator.project.within import within
from annotator.service.people.roles import refusal
from annotator.store import Store


class Opened:
    """One workspace, opened for one person. Threads may share it.

    Raises:
        StoreError: the database is missing, emptied or damaged, or cannot be written.
        WorkspaceError: a newer version wrote the workspace, or its secret is damaged.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.person: Person = LOCAL  # the table in `roles` says what they may
        self.workspace = workspace
        self.store = Store(workspace.database)
        self._log = workspace.log
        self.name = workspace.root.resolve().name
        self._folders: tuple[Path, ...] | None = None

    def restrict(self, folders: Iterable[Path]) -> None:
        """From now on read sources from the workspace and these folders alone, and export there.

        For the pages: whoever uses them need not have an account on this machine.
        """
        self._folders = tuple(folders)

    @property
    def restricted(self) -> bool:
        """Whether it serves pages, and so not only the owner of this machine's account."""
        return self._folders is not None

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders, besides the workspace, that sources may lie in; none if not restricted."""
        return self._folders or ()

    def reachable(self, path: Path | str, own: Path) -> Path:
        """The path itself, where it may be used: below `own` or a named folder, if restricted.

        Raises:
            AnnotatorError: it leads elsewhere; whether there is anything is not told.
        """
        if self._folders is None:
            return Path(path)
        found = within(path, (own, *self._folders))
        if found is None:
            allowed = ", ".join(str(each) for each in (own, *self._folders))
            raise AnnotatorError(
                f"'{path}' is not in a folder that pages may use: {allowed}. The server names more "
                "with `certilabel serve --folder`; the command line may use any."
            )
        return found

    def check(self) -> None:
        """Look the database over before anybody relies on it.

        Raises:
            StoreError: it is damaged, or cannot be written.
            WorkspaceError: the folder cannot be written, or its disk is full.
        """
        self.store.db.check()
        self.workspace.check()

    def refusal(self, verb: str) -> str:
        """Why this person may not call a verb, in words that name who may; empty if they may."""
        return refusal(self.person, verb)
