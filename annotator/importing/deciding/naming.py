"""Which class a source means by a name: the one that it meant at first, whatever its name now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model import ClassName
from annotator.store import Store


@dataclass(frozen=True, slots=True)
class Naming:
    """What the names of a source mean among the classes of a workspace."""

    classes: Mapping[str, ClassName]  # by name in the source, also removed or merged ones
    ends: Mapping[int, ClassName]  # by id: what its labels count as, perhaps another

    def counted(self, name: str) -> ClassName | None:
        """The class as which labels of that name count; None if there is no such class."""
        return self.ends[self.classes[name].id] if name in self.classes else None

    def renamed(self, name: str) -> str:
        """How the class is called now that was called so when it was decided on; else nothing."""
        now = self.classes[name].name if name in self.classes else name
        return now if now != name else ""


def naming(store: Store, first: dict[str, int]) -> Naming:
    """What names mean now.

    A decision outlives that a class is renamed, so that the labels of an import that is written
    bit by bit, or waits for an answer, are not parted by it.

    Args:
        store: of the workspace.
        first: name -> id of the class that it meant when it was first decided on; names that mean
            one for the first time are added. What is removed is no decision yet.
    """
    known, ends = {each.id: each for each in store.classes.all()}, store.classes.ends()
    now = {each.name: each for each in known.values()}
    for name, each in now.items():
        if not ends[each.id].removed:
            first.setdefault(name, each.id)
    return Naming(now | {name: known[id_] for name, id_ in first.items() if id_ in known}, ends)
