"""Exploring: the map, what is like an image, and asking what was found."""

from __future__ import annotations

from annotator.asking.explore import Explorer
from annotator.model import Person
from annotator.project import Workspace
from annotator.service.opened import Opened
from annotator.service.people.roles import guarded
from annotator.store import Store


@guarded("explore.")
class Around(Explorer):
    """What can be looked at, for one person."""

    def __init__(self, store: Store, workspace: Workspace, person: Person) -> None:
        super().__init__(store, workspace)
        self.person = person


class Exploring(Opened):
    """Looking around, under the name `explore`."""

    @property
    def explore(self) -> Around:
        """The verbs of looking around, for this person."""
        return Around(self.store, self.workspace, self.person)
