"""Guesses to look through, in which order, and labels of people that a round doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.model.images import Image

# Pseudo-labels: all, or those where the baseline or the round before says something else. Labels:
# those of people that may be wrong
GuessesAmong = Literal["all", "models", "rounds", "labels"]
# Least sure, or surest; where the round before or the baseline contradicts first; what lies
# farthest from all that is labeled first
GuessOrder = Literal["uncertain", "confidence", "rounds", "models", "remote"]


@dataclass(frozen=True, slots=True)
class SoughtGuesses:
    """Which pseudo-labels are looked through, or which labels, and in which order."""

    class_id: int | None = None  # that they say
    among: GuessesAmong = "all"
    order: GuessOrder = "uncertain"  # of labels: the least likely first, whatever it is


@dataclass(frozen=True, slots=True)
class Guess:
    """What a round says of an image to look at, and what else was said of it."""

    image: Image
    class_id: int  # by the round
    confidence: float
    baseline: int | None  # the class that the round's baseline says
    before: int | None  # the class that the round before said
    place: float  # in the order that was sought, ascending
    label: int | None = None  # the class that a person gave, where labels are looked through
    own: float | None = None  # how likely that label is, 0 to 1; at most, where it is newer


@dataclass(frozen=True, slots=True)
class DoubtedLabel:
    """A label of which its round's learners say, without having learned from it, that it is wrong.

    `label_id` is its class, `class_id` the likeliest one.
    """

    image_id: int
    label_id: int
    class_id: int
    confidence: float  # how likely the likeliest class is
    own: float  # how likely the label's class is
