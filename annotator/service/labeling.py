"""Labeling: questions out, answers in."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace

from annotator.asking import answers, tickets
from annotator.errors import AnnotatorError, RoundError
from annotator.model import (
    Acknowledged,
    Beat,
    Earlier,
    LabelEvent,
    Progress,
    Question,
    Ticket,
)
from annotator.project.log import requested
from annotator.service.auditing.certifying import Certifying
from annotator.service.due import start_due
from annotator.service.rounds import Rounds
from annotator.store.holding.held import AHEAD, BEATS, SILENCE_SECONDS
from annotator.wording import many


class Labeling(Rounds, Certifying):
    """What the label page does; enough new labels start a round."""

    BEAT_SECONDS = SILENCE_SECONDS / BEATS  # between two signs of life of an open page

    def lease(self, client: str, annotator: str, n: int = AHEAD, turn: float = 0) -> list[Question]:
        """What this client holds unanswered, topped up to `n` or its share, in asking order.

        `turn` is a number of the page's message, which grows also over a reload.
        """
        return answers.questions(self.store, client, annotator, n, turn)

    def ticket(self, client: str, annotator: str) -> Ticket:
        """What an open page shows to `keep_held` and `give_back`."""
        return tickets.ticket(self.workspace.secret, client, annotator)

    def keep_held(self, shown: Ticket, image_id: int | None, items: Collection[int]) -> Beat | None:
        """Take a sign of life of a page that has an image on its screen, and `items` in its list.

        None if the ticket was not made here, or has expired: the page then asks for another.

        Raises:
            StoreError: the database cannot be written now.
        """
        if not tickets.good(self.workspace.secret, shown):
            return None
        return answers.beat(self.store, shown.client, shown.annotator, image_id, items)

    def give_back(self, shown: Ticket, turn: float) -> bool:
        """Free what a page held that closes; False if its ticket is no good.

        Raises:
            StoreError: the database cannot be written now: the leases run out by themselves.
        """
        if good := tickets.good(self.workspace.secret, shown):
            with self.store.db.immediate(answers.WAIT_MS):
                self.store.leases.release(shown.client, turn)
        return good

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
        due = self._start_due_round() or self._audit_notice(done.written)
        notices = (self._outranked(done.written), due)
        return replace(done, notice=" ".join(filter(None, notices)))

    def _outranked(self, events: Sequence[LabelEvent]) -> str:
        """What to tell of answers that count for nothing, as a reviewer has settled their image."""
        pressed = {each.image_id for each in events if each.kind in ("label", "unclear")}
        settled = len(self.store.search.opinions.settled(pressed)) if pressed else 0
        if not settled:
            return ""
        images = many(settled, "image was", "images were")
        return f"{images} settled by a reviewer: your answer is kept, and the reviewer's counts."

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
