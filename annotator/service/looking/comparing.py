"""Comparing: what may stand beside a question, and no more than an expert may see."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.asking import comparing
from annotator.model import Comparison, Question
from annotator.service.opened import Opened


class Comparing(Opened):
    """What stands beside a question, where the expert asks for it."""

    def compare(self, questions: Sequence[Question], n: int = 3) -> list[Comparison]:
        """The n labeled images of each class that are most like each of these, by anybody's labels.

        Beside what measures models, and what says the same as that, there is nothing.
        """
        return comparing.compared(self.store, self.workspace, questions, n)
