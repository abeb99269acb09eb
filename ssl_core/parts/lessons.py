"""Lessons: what two classifiers that agree may teach a third (Zhou & Li, 2005, table 1)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor


@dataclass(frozen=True, slots=True)
class Lesson:
    """Images that two classifiers label alike, for the third."""

    pupil: int
    places: Tensor  # (l,) int64 among the unlabeled images
    labels: Tensor  # (l,) int64
    error: float  # of the pair on the labeled images where they agree


def bootstrap(label: Tensor, generator: Generator) -> Tensor:
    """Draw as many positions as there are labels, with replacement within each class.

    Within the class: with few labels a plain bootstrap would often lose one altogether.
    """
    parts = []
    for each in label.unique():
        members = (label == each).nonzero().squeeze(1)
        drawn = torch.randint(len(members), (len(members),), generator=generator)
        parts.append(members[drawn])
    return torch.cat(parts)


def shared_error(one: Tensor, other: Tensor, truth: Tensor) -> float:
    """Return the share of wrong answers where two classifiers agree; 0.5 where they never do."""
    alike = one == other
    return float((one != truth)[alike].float().mean()) if alike.any() else 0.5


def allowed(error: float, size: int, error_before: float, size_before: int) -> tuple[int, int]:
    """Return how many of `size` rows the pupil may learn, and its (perhaps first) size before.

    Noise in the labels must shrink: error * size < error_before * size_before (table 1);
    a larger lesson is cut to the size at which it does.
    """
    if error >= error_before:
        return 0, size_before
    least = error / (error_before - error)
    size_before = size_before or math.floor(least + 1)
    if size_before >= size:
        return 0, size_before
    if error * size < error_before * size_before:
        return size, size_before
    if size_before > least:
        return math.ceil(error_before * size_before / error - 1), size_before
    return 0, size_before
