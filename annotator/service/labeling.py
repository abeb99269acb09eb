"""Labeling: questions out, answers in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from annotator.asking import answers
from annotator.errors import RoundError
from annotator.model import Acknowledged, LabelEvent, Progress, Question
from annotator.service.rounds import Rounds


class Labeling(Rounds):
    """What the label page does; enough new labels start a round."""

    def lease(self, client: str, annotator: str, n: int = 30) -> list[Question]:
        """What this client holds unanswered, topped up to `n`, in asking order."""
        del annotator  # leases are per open page; who answers is written with the answer
        return answers.lease(self.store, client, n)

    def record(self, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
        """Write what is new, safely on disk on return; a round starts once enough came in."""
        done = answers.record(self.store, events, annotator)
        if answers.round_due(self.store):
            with suppress(RoundError):  # one runs, or one class only: the next label asks again
                self._start()
        return done

    def classes_to_learn_from(self) -> int:
        """How many classes have a label that may be trained on; a round needs two."""
        return len(self.store.labels.by_class("pool"))

    def progress(self) -> Progress:
        """Where the labeling stands."""
        return answers.progress(self.store)
