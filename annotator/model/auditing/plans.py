"""What a certificate is to promise, and what an audit would take and release."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

GROUP = "group"  # what a promise may be by, in place of by image


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be promised. Shares are text, as no float is exact: `0.95` or `19/20`."""

    target: str = "0.95"  # share of the released pseudo-labels that is right at least
    confidence: str = "0.95"  # 1 - the chance that the promise is false
    strict: bool = False  # whether it holds also of those that nobody looks at
    retries: int = 0  # declared now: with the first attempt they share the chance to be false
    of: str = ""  # the class whose pseudo-labels it is about; of all of them where empty
    each: tuple[str, ...] = ()  # classes of which it is to hold of each, all at once
    planted: int = 0  # questions whose answer is known, asked besides: they bound what is missed
    by: str = ""  # GROUP: of an average group, such as a patient, in place of all images alike

    @property
    def epsilon(self) -> Fraction:
        """The share that may be wrong."""
        return 1 - Fraction(self.target)

    @property
    def delta(self) -> Fraction:
        """The chance that the promise may be false, whatever attempt it comes of."""
        return 1 - Fraction(self.confidence)


@dataclass(frozen=True, slots=True)
class Offer:
    """An audit of so many images, and what to expect of it."""

    labels: int  # m: images that are asked about
    among: int  # M: they are drawn from the first so many of the order
    start: int  # c0: gate to start at
    walk: int  # cf: gate from which on every prefix is tested
    coverage: float  # share of the pseudo-labels that is released, on the mean
    chance: float  # that anything is released; of several classes, of the one with the least
    of: str = ""  # the class whose it is, of several
    parts: tuple[Offer, ...] = ()  # of each class, where there are several


@dataclass(frozen=True, slots=True)
class Effect:
    """With what all is tested, if so many of the planted questions are answered otherwise."""

    missed: int
    beta: str  # of wrong labels at most this share is missed
    epsilon: str  # share of wrong ones, among those that are seen, that it is tested with
    level: str  # chance to be false that is left for it


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an audit of the newest round would take, and what it would release."""

    round: int  # whose pseudo-labels they are
    rows: int  # N: pseudo-labels that there are
    terms: Terms
    least: int  # fewer labels can certify nothing
    offers: tuple[Offer, ...]  # by rising number of labels
    proposed: int | None  # labels of the offer that is worth it; None: none is
    pilot: int  # blind answers that say how often the model is wrong
    attempt: int  # number that the audit would have
    turn: int  # which of the attempts that were declared together it would be, from 1
    turns: int  # how many were declared, or would be
    level: Fraction  # chance that it may be false by itself
    false_at_most: Fraction  # chance that any of the attempts is false
    left_out: tuple[str, ...] = ()  # classes that were asked for and have no pseudo-label
    grouped: tuple[int, int] = (0, 0)  # images that belong with others, as a patient's; groups
    effects: tuple[Effect, ...] = ()  # of misses among the planted questions, where there are any
    alike: int = 0  # by group: the least, were all images alike
    eased: tuple[str, int] = ("", 0)  # a lower target that few labels can certify, and the least

    def offer(self, labels: int) -> Offer | None:
        """The offer of the most labels that a budget has room for."""
        return next((each for each in reversed(self.offers) if each.labels <= labels), None)
