"""Stretches of the curve: rounds that the same test images measure, and where others join."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from annotator.model import CurvePoint
from annotator.wording import many


def stretches(points: Sequence[CurvePoint]) -> list[list[CurvePoint]]:
    """Part the points, by round, where other test images measure than those of the round before.

    A round has answered for the test images that there were. Those that an import brings measure
    the rounds after it alone, as soon as they are labeled. Images never go, and all points count
    the labels of now: equally many test images are the same ones.
    """
    found: list[list[CurvePoint]] = []
    for each in sorted(points, key=lambda point: point.round):
        if not found or found[-1][-1].n != each.n:
            found.append([])
        found[-1].append(each)
    return found


def breaks(points: Sequence[CurvePoint]) -> str:
    """Say where the curve breaks, and what that means; empty where all of it compares."""
    parted = stretches(points)
    if len(parted) < 2:
        return ""
    joined = [
        f"{many(after[0].n - before[-1].n, 'more test image')} from round {after[0].round} on"
        for before, after in pairwise(parted)
    ]
    return (
        f"Imports brought {', and '.join(joined)}. The rounds before have not answered for them: "
        "the line breaks there, and accuracies on its two sides do not compare."
    )
