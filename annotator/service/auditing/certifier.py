"""The verbs of an audit for one person; loaded when one is called, as its arithmetic takes time."""

from __future__ import annotations

from annotator.auditing.auditor import Auditor
from annotator.model import Person
from annotator.service.people.roles import guarded
from annotator.store import Store


@guarded("certify.")
class Certifier(Auditor):
    """What the person's role does not let them do raises NotAllowedError."""

    def __init__(self, store: Store, task: str, person: Person) -> None:
        super().__init__(store, task, person.name)
        self.person = person
