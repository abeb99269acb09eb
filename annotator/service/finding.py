"""Finding images and correcting their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from annotator.asking import again, correcting, settling
from annotator.measuring import agreeing
from annotator.model import (
    Acknowledged,
    Agreement,
    Answer,
    Corrected,
    Found,
    Guess,
    LabelEvent,
    Sought,
    SoughtGuesses,
    ToSettle,
)
from annotator.project.log import requested
from annotator.service.labeling import Labeling


class Finding(Labeling):
    """Any labeled image can be found and answered anew."""

    def find(self, sought: Sought, *, offset: int = 0, limit: int = 60) -> list[Found]:
        """A page of the images that are sought, by id, each with what was said of it."""
        return self.store.search.page(sought, offset, limit)

    def count_found(self, sought: Sought) -> int:
        """How many images are as they are sought."""
        return self.store.search.count(sought)

    def people(self) -> list[str]:
        """Everybody who has answered, by name."""
        return self.store.search.opinions.people()

    def answers_to(self, image_id: int) -> list[Answer]:
        """All that was said of an image, the latest press first; nothing of it is ever erased."""
        return self.store.search.opinions.answers(image_id)

    def disagreements(self) -> int:
        """Of how many images people say different things, unless somebody has settled that."""
        return len(self.store.search.opinions.disagreements())

    def to_settle(self, later: Sequence[int] = (), *, n: int = 12, early: bool = False) -> ToSettle:
        """What waits to be settled: at most `n` images, those put off, `later`, at the end.

        `early` says that those are wanted too about which more people are still to be asked.
        """
        return settling.to_settle(self.store, later, n, early=early)

    @requested()
    def settle(self, events: Sequence[LabelEvent]) -> Acknowledged:
        """Write what this person settled; what is no longer to be settled is refused, in words.

        Raises:
            StoreError: the database cannot be written now; no event of these was.
        """
        done = settling.settle(self.store, events, self.person.name)
        self._log.write("settled", new=len(done.written), refused=len(done.refused))
        return replace(done, notice=self._start_due_round())

    def guesses(
        self,
        sought: SoughtGuesses,
        *,
        after: tuple[float, int] | None = None,
        limit: int = 24,
        within: Collection[int] | None = None,
    ) -> list[Guess]:
        """The newest round's pseudo-labels to look at, or the labels that it doubts.

        Not those that were turned down, nor labels that somebody has looked at again.

        Args:
            sought: which, and in which order.
            after: place and image of the one that they follow; None: from the first.
            limit: how many at most.
            within: only those of these images that are still to be looked at; None: of all.
        """
        latest = self.store.results.latest()
        if latest is None:
            return []
        return self.store.guesses.page(
            latest.number, latest.threshold, sought, after, limit, within
        )

    def count_guesses(self, sought: SoughtGuesses) -> int:
        """How many of them there are."""
        latest = self.store.results.latest()
        return self.store.guesses.count(latest.number, latest.threshold, sought) if latest else 0

    def decided(self) -> tuple[int, int]:
        """How many labels were given with a guess in sight, and how many guesses were turned down.

        The second are of images that have no label.
        """
        return self.store.guesses.decided()

    @requested()
    def decide(self, events: Sequence[LabelEvent]) -> Acknowledged:
        """Write what this person decided on guesses, safely on disk on return.

        Raises:
            StoreError: the database cannot be written now; no event of these was.
        """
        done = correcting.decide(self.store, events, self.person.name)
        self._log.write("guesses decided", new=len(done.written), refused=len(done.refused))
        return replace(done, notice=self._start_due_round())

    def agreement(self) -> Agreement:
        """How far people agree, also with themselves, what they confuse, and what each has done."""
        opinions = self.store.search.opinions
        found = agreeing.agreement(opinions.blind(), opinions.work(), opinions.repeated())
        return replace(found, waiting=self.store.twice.waiting())

    @requested()
    def answer_anew(
        self, image_ids: Iterable[int], class_id: int, *, guess_shown: bool = False
    ) -> Corrected:
        """Give images a class, as this person's word; it settles where people disagree.

        `guess_shown` says that the model's guess was in sight: the label says so too.

        Raises:
            AnnotatorError: there is no such image or class, or there are too many.
            StoreError: the database cannot be written now; nothing was.
        """
        ids = tuple(dict.fromkeys(image_ids))
        name = correcting.relabel(
            self.store, ids, class_id, self.person.name, guess_shown=guess_shown
        )
        self._log.write("answered anew", images=len(ids))
        return Corrected(name, len(ids), self._start_due_round())

    @requested()
    def ask_again(self, image_ids: Iterable[int]) -> int:
        """Ask images next that were put off or that nobody could tell; return how many that were.

        Raises:
            AnnotatorError: there are too many.
            StoreError: the database cannot be written now; nothing was.
        """
        images = again.ask_again(self.store, image_ids, self.person.name)
        self._log.write("asked again", images=images)
        return images

    @requested()
    def take_flags_off(self, image_ids: Iterable[int]) -> int:
        """Take off the flags that anybody put on these images; return how many had one.

        Raises:
            StoreError: the database cannot be written now; nothing was.
        """
        images = again.take_flags_off(self.store, image_ids, self.person.name)
        self._log.write("flags taken off", images=images)
        return images

    @requested()
    def take_back(self, name: str) -> int:
        """Take back what this person gave with one `answer_anew`; return how many images that were.

        What was said before counts again.

        Raises:
            StoreError: the database cannot be written now; nothing was.
        """
        taken = correcting.take_back(self.store, name, self.person.name)
        self._log.write("answers taken back", images=taken)
        return taken
