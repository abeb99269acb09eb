"""One workspace with all that can be done in it, put together from its subjects."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from annotator.catalog.checks import check_new
from annotator.model import LOCAL, Person, Settings
from annotator.project import Workspace
from annotator.project.leftovers import temporary
from annotator.service.auditing.certifying import Certifying
from annotator.service.exploring import Exploring
from annotator.service.export import Export
from annotator.service.finding import Finding
from annotator.service.images import Images
from annotator.service.judging.judging import Judging
from annotator.service.keeping import Keeping
from annotator.service.labeling import Labeling
from annotator.service.looking.about import About
from annotator.service.looking.comparing import Comparing
from annotator.service.looking.pictures import Pictures
from annotator.service.people.roles import guarded
from annotator.service.replaying import Replaying
from annotator.service.rounds import Rounds
from annotator.service.sending.downloads import Downloads
from annotator.service.settings import Classes
from annotator.service.starting.starting import Starting
from annotator.store import Store


@guarded()
class Service(
    Starting,
    Finding,
    Labeling,
    Images,
    Pictures,
    About,
    Comparing,
    Rounds,
    Judging,
    Exploring,
    Export,
    Downloads,
    Certifying,
    Classes,
    Replaying,
    Keeping,
):
    """One workspace, opened for a person: each base class is a subject, with a file of its own.

    What the person's role does not let them do raises NotAllowedError, which says who may.
    """

    @classmethod
    def open(cls, root: Path | str, person: Person = LOCAL) -> Service:
        """Open the workspace in a folder, for a person; by default for who has the folder.

        Raises:
            WorkspaceError: the folder is none, its files are damaged, or a newer version made it.
        """
        service = cls(Workspace.open(Path(root)))
        service.person = person
        return service

    def acting(self, person: Person) -> Service:
        """The same open workspace for another person; database and worker are shared."""
        other = copy.copy(self)
        other.person = person
        return other

    @classmethod
    def create(
        cls, root: Path | str, classes: Sequence[str], settings: Settings | None = None
    ) -> Service:
        """Make a workspace in a new or empty folder; nothing is left behind if that fails.

        Raises:
            AnnotatorError: a class name or a setting is wrong.
            WorkspaceError: the folder is taken or cannot be written.
        """
        with cls.making(root, classes, settings) as service:
            pass
        return service

    @classmethod
    @contextmanager
    def making(
        cls, root: Path | str, classes: Sequence[str], settings: Settings | None = None
    ) -> Iterator[Service]:
        """Let the body fill a new workspace: it is one once the body has ended well.

        Raises:
            AnnotatorError: a class name or a setting is wrong.
            WorkspaceError: the folder is taken or cannot be written.
        """
        check_new(classes, settings := settings or Settings())
        with Workspace.making(Path(root)) as workspace:
            Store.create(workspace.database).db.close()
            service = cls(workspace)
            try:
                service.save_settings(settings)
                for name in classes:
                    service.add_class(name)
                yield service
            except BaseException:
                service.close()
                raise

    @classmethod
    def folder_beside(cls, root: Path) -> AbstractContextManager[Path]:
        """A folder for what it takes to fill `root`; what killed processes left there goes too.

        Raises:
            OSError: it cannot be made.
        """
        return temporary(root)
