"""The parts of a job, each with how much there is to do and how long what is done has taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

# Shares of a part's time at the end of each of even pieces of the way but the last; () is even
Course: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a job. What it is counted in is its own: images, pairs of images, steps."""

    name: str  # as pages show it; a job has one of each name
    kind: str = ""  # parts of one kind take as long for as much; empty: like no other
    amount: float = 0.0  # all there is to do
    done: float = 0.0  # of it, as far as that takes time
    seconds: float = 0.0  # that this took
    usual: float | None = None  # seconds for one, before any was done; None: nobody knew
    remembered: bool = False  # whether earlier jobs tell that, on a machine that was busier or not
    course: Course = ()  # of its like, and once it is over its own
    lately: float | None = None  # seconds for one of late; None: too little of it is done
    spare: float = 0.0  # seconds that may come on top of all, if what is not settled turns out so

    @property
    def begun(self) -> bool:
        return self.seconds > 0 or self.done > 0

    @property
    def ended(self) -> bool:
        return self.done >= self.amount

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.done / self.amount) if self.amount else 1.0


@dataclass(frozen=True, slots=True)
class Timed:
    """How far a job is: its parts in their order, and what they say of the time that is left."""

    parts: tuple[Part, ...]
    seconds: float | None  # left; None while what is known does not reach to the end
    most: float | None = None  # left, if what is not settled takes longer; None: likewise
