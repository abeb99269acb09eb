"""The course of a part: steps that look alike may take unlike times, in the same way each time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from annotator.model import Course

GRID = 16  # even pieces of the way
FEW = 4  # moments from which a course is told


def course(trail: Sequence[tuple[float, float]]) -> Course:
    """Return the course of a part that is over; an even one where too little of it was seen.

    Args:
        trail: (how much was done, 0 to 1, and the seconds that had taken), in their order.
    """
    total = trail[-1][1] if trail else 0.0
    if len(trail) < FEW or total <= 0:
        return ()
    points = [(0.0, 0.0), *trail, (1.0, total)]
    return tuple(between(points, number / GRID) / total for number in range(1, GRID))


def along(known: Course, share: float) -> float:
    """Return how much of its time a part has had that is done to this share, 0 to 1 both."""
    if not known or not 0 < share < 1:
        return min(max(share, 0.0), 1.0)
    ends = [(number / GRID, part) for number, part in enumerate(known, 1)]
    return between([(0.0, 0.0), *ends, (1.0, 1.0)], share)


def between(points: Sequence[tuple[float, float]], place: float) -> float:
    """Return the height at a place of the line through points, their places rising."""
    for (low, one), (high, other) in pairwise(points):
        if low <= place <= high and high > low:
            return one + (other - one) * (place - low) / (high - low)
    return points[-1][1]
