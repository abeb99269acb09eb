"""People: who asks, and the role that says what they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["annotator", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever a workspace is opened for."""

    name: str  # written with each of their labels
    role: Role


LOCAL = Person("expert", "admin")
"""Whoever has the workspace's folder: at the command line, and in pages without a login."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of agreement: 1 is always, 0 no more than by chance."""

    value: float
    low: float  # of its 95 % interval
    high: float
    images: int  # that it rests on


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, and how far they agree on what both have answered."""

    first: str
    second: str
    same: int  # images of which they said the same
    kappa: Measure | None  # Cohen's; None where one class alone was named
    # (class id by the first, by the second, images), where these differ; the most frequent first
    apart: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """How often somebody said the same of an image that came back to them without a word."""

    annotator: str
    same: int  # images
    images: int  # that came back and were answered
    low: float  # of the 95 % interval of the share that was the same
    high: float


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody has done."""

    annotator: str
    labels: int
    seconds: float  # that they looked, without the breaks


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree who answered the same images, none knowing of the others' answers."""

    pairs: tuple[Pair, ...]
    fleiss: Measure | None  # None: nothing to tell
    alpha: Measure | None
    confused: tuple[tuple[int, int, int], ...]  # two class ids, and in how many pairs of answers
    work: tuple[Work, ...]
    repeats: tuple[Repeated, ...] = ()  # of each person to whom an image came back
    waiting: int = 0  # images that wait for a second opinion


@dataclass(frozen=True, slots=True)
class Ticket:
    """With it an open page says that it lives: which page, whose, until when, and the proof."""

    client: str
    annotator: str
    until: int  # unix seconds
    sig: str


@dataclass(frozen=True, slots=True)
class Beat:
    """What came of a page's sign of life."""

    gone: tuple[int, ...]  # of the images that the page names: those that it does not hold now
    more: bool  # it holds less than its share, and there is something to get
    held: int = 0  # images that it holds
