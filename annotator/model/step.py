"""News from a job on its way: how far it is, in words, and perhaps a point of a curve."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from annotator.model.rounds import EpochPoint

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is, 0 to 1, in words, and perhaps a point of a loss curve."""

    share: float
    message: str
    point: EpochPoint | None = None
    told: str = ""  # what was not done as asked, so that it could go on; for the report
    part: str = ""  # of the job, by its name in the list of parts; empty: the same as before
    done: float = 0.0  # how much of that is done, 0 to 1


Steps: TypeAlias = Generator[Step, None, Found]
