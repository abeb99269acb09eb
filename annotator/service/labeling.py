"""Labeling: questions out, answers in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from annotator.asking import answers
from annotator.errors import AnnotatorError, RoundError
from annotator.model import Acknowledged, Earlier, LabelEvent, Progress, Question
from annotator.project.log import requested
from annotator.service.auditing.certifying import Certifying
from annotator.service.due import start_due
from annotator.service.rounds import Rounds


class Labeling(Rounds, Certifying):
    """What the label page does; enough new labels start a round."""

    def lease(self, client: str, annotator: str, n: int = 30) -> list[Question]:
        """What this client holds unanswered, topped up to `n`, in asking order."""
        return answers.questions(self.store, client, annotator, n)

    def history(self, image_id: int = 0, n: int = 30) -> list[Earlier]:
        """What this person has answered, the newest first, from their answer to an image on.

        Args:
            image_id: to begin with; with none, or one that they have not answered, the newest.
            n: at most so many.
        """
        return answers.history(self.store, self.person.name, image_id, n)

    @requested()
    def record(self, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
        """Write what is new, safely on disk on return; a round starts once enough came in.

        What is acknowledged depends on the store alone: a round that is due and cannot start is
        told in the notice.

        Raises:
            StoreError: the database cannot be written now; no event of these was.
        """
        done = answers.record(self.store, events, annotator)
        self._log.write("answers stored", new=len(done.written), refused=len(done.refused))
        return replace(done, notice=self._start_due_round() or self._audit_notice(done.written))

    def _start_due_round(self) -> str:
        """Start a round if one is due; say why it cannot where a person has to mend that."""
        try:
            job = start_due(self.store)
        except RoundError:  # one runs, or one class only: the next label asks again
            return ""
        except AnnotatorError as problem:
            return f"Answers are stored, but no round can start: {problem}"
        except Exception as error:  # whatever it is, the answers are on the disk
            logging.getLogger(__name__).exception("a round that is due cannot start")
            self._log.failure("no round can start", error)
            return "Answers are stored, but no round can start; the server's log says why."
        if job is not None:
            self._log.write("round due", job=job.id)
        return ""

    def classes_to_learn_from(self) -> int:
        """How many classes have a label that may be trained on; a round needs two."""
        return len(self.store.labels.by_class("pool"))

    def progress(self) -> Progress:
        """Where the labeling stands."""
        return answers.progress(self.store)
