"""Whether a round's confidence is right, what changed in it, and what it says of each class."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SureBin:
    """Test images of which a round is about equally sure."""

    n: int
    confidence: float  # their mean
    right: float  # the share of them that is right
    low: float  # exact 95 % interval, of this bin alone
    high: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether a round is as often right as it is sure, on test images."""

    n: int  # test images that it was measured on
    bins: tuple[SureBin, ...]  # none where there are too few
    measures: tuple[tuple[str, float], ...]  # by name
    told: str  # what can be read from it


@dataclass(frozen=True, slots=True)
class Flips:
    """Pseudo-labels of two rounds in a row that do not say the same."""

    both: int  # images that have a pseudo-label of both
    classes: tuple[tuple[str, str, int], ...]  # (before, now, images), most first
    told: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """What there is of a class: labels, guesses, and how right those are."""

    name: str
    labels: int  # of the pool
    predicted: int  # unlabeled images that the round puts into it
    pseudo: int  # of these, as surely as a pseudo-label
    tested: int  # labeled test images that it puts into it as surely
    right: int  # of these
    low: float  # exact 95 % interval of the share; 0 to 1 where none was tested
    high: float
