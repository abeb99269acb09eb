"""News from a job on its way: how far it is, in words, and perhaps a point of a curve."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from annotator.model import EpochPoint

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Step:
    """How far the present part is, 0 to 1, in words, and perhaps a point of a loss curve."""

    share: float
    message: str
    point: EpochPoint | None = None


Steps: TypeAlias = Generator[Step, None, Found]


def within(part: Steps[Found], low: float, high: float) -> Steps[Found]:
    """Pass on a part's news with its place on the bar of the whole; return what it returns."""
    while True:
        try:
            step = next(part)
        except StopIteration as end:
            found: Found = end.value
            return found
        yield replace(step, share=low + (high - low) * step.share)
