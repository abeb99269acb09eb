"""Exploring: the map, what is like an image, and asking what was found."""

from __future__ import annotations

from annotator.asking.explore import Explorer
from annotator.project import Workspace
from annotator.service.opened import Opened


class Exploring(Opened):
    """Looking around, under the name `explore`."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.explore = Explorer(self.store, workspace)
