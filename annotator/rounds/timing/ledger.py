"""The ledger of a job: each step is put down to its part, with the time that it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotator.measuring.timing.course import along, course
from annotator.measuring.timing.lately import lately
from annotator.measuring.timing.left import share
from annotator.model import Course, Part, Step
from annotator.store import Fence, Store

MOMENTS = 64  # of a part, at most, by which its pace of late is told
# Seconds an image on two slow cores, of short parts that nothing is known of at first
ROUGH = {
    "looking for color": 4e-4,
    "looking for near-duplicates": 1e-4,
    "predicting": 4e-4,
    "choosing the first questions": 5e-4,
}


class Ledger:
    """The parts of one job. Time goes to the part whose step comes next, once some of it is done.

    What passes before the first news is nobody's: libraries are loaded then, once in a process.

    Args:
        store: of the workspace; it knows how long parts of earlier jobs took.
        fence: of the job.
        clock: seconds, that never go back.
    """

    def __init__(
        self, store: Store, fence: Fence, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._fence, self._clock = store, fence, clock
        self.parts: list[Part] = []
        self._now = 0  # number of the part that is done at present
        self._since = clock()
        self._trail: list[tuple[float, float]] = []  # of the present part: share, seconds
        self._ways: list[tuple[float, float]] = []  # likewise: how much of it, as far as time goes
        self._new = True  # whether the list differs from what is stored
        self._tried: dict[str, tuple[float, Course]] = {}  # kind -> what was learned of it

    def expect(self, parts: Iterable[Part]) -> None:
        """Say what there is to do from now on; what was begun is over."""
        self._end(self._now)
        begun = [replace(each, done=each.amount) for each in self.parts if each.begun]
        names = {each.name for each in begun}
        fresh = [each for each in parts if each.name not in names]
        self.parts = begun + [self._known(each) for each in fresh]
        self._now, self._new = max(0, len(begun) - 1), True

    def _known(self, part: Part) -> Part:
        """Give it the rate of its like, where none was measured for it."""
        if part.usual is not None:
            return part
        if tried := self._tried.get(part.kind):
            return replace(part, usual=tried[0], course=tried[1])
        if part.kind and (like := self._store.parts.like(part.kind)):
            return replace(part, usual=like[0], remembered=True, course=like[1])
        return replace(part, usual=ROUGH.get(part.name))

    def knows(self, name: str) -> bool:
        """Whether it is known how long a part will take."""
        return any(each.name == name and each.usual is not None for each in self.parts)

    def seconds(self, part: Part) -> float | None:
        """How long all of a part takes that may come; None where nothing tells."""
        usual = self._known(part).usual
        return None if usual is None else usual * part.amount

    def tried(self, kind: str, usual: float, course: Course) -> None:
        """Take in likewise of all parts of a kind that may come."""
        self._tried[kind] = usual, course

    def learn(self, name: str, usual: float, course: Course) -> None:
        """Take in how long one of a part takes, and its course."""
        self.parts = [
            replace(each, usual=usual, course=course) if each.name == name else each
            for each in self.parts
        ]
        self._new = True

    def note(self, step: Step) -> None:
        """Put a step down, and record how far the job is.

        Raises:
            LostJob: another worker has the job.
        """
        place = self._place(step.part)
        first = self._now
        if place is not None and place >= first:
            part = self.parts[place]
            if not (step.done and part.amount) and not any(each.begun for each in self.parts):
                self._since = self._clock()
            self._spend(place if step.done else first)
            for each in range(first, place):
                self._end(each)
            part = self.parts[place]
            done = along(part.course, step.done) * part.amount
            part = replace(part, done=max(part.done, done))
            self._trail.append((step.done, part.seconds))
            self._ways = [
                *(self._ways[::2] if len(self._ways) > MOMENTS else self._ways),
                (part.done, part.seconds),
            ]
            self.parts[place] = replace(part, lately=lately(self._ways))
            self._now = place
        else:
            self._spend(first)
        far = share(self.parts)
        self._store.parts.report(
            self._fence,
            self.parts,
            step.share if far is None else far,
            step.message,
            since=0 if self._new else first,
        )
        self._new = False

    def close(self) -> None:
        """Put down what came after the last step: the job is at its end.

        Called within the transaction that ends it.
        """
        if self.parts:
            self._spend(self._now)
            if self._trail:  # what follows the last step is part of the way too
                self._trail.append((1.0, self.parts[self._now].seconds))
            for each in range(self._now, len(self.parts)):
                self._end(each)
            self._store.parts.report(self._fence, self.parts, 1.0, "")

    def _end(self, place: int) -> None:
        """Note that a part is over, and what its course was."""
        if place < len(self.parts):
            part = self.parts[place]
            self.parts[place] = replace(part, done=part.amount, course=course(self._trail))
        self._trail, self._ways = [], []

    def _place(self, name: str) -> int | None:
        names = [each.name for each in self.parts]
        return names.index(name) if name in names else None

    def _spend(self, place: int) -> None:
        """Have a part take the time since the last step."""
        now = self._clock()
        if self.parts:
            part = self.parts[place]
            self.parts[place] = replace(part, seconds=part.seconds + now - self._since)
        self._since = now
