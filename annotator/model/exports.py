"""The exported data set: its rows, and what one export wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.model.images import Image, Split


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What one export wrote."""

    path: str
    human: int
    pseudo: int
    round: int | None
    left_out: tuple[str, ...] = ()  # images whose files are gone or damaged, by name


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One line of an exported data set."""

    image: Image
    label: str
    source: Literal["human", "pseudo"]
    confidence: float | None  # of the model; none for a human label
    round: int | None  # the round that pseudo-labeled it
    model: str | None  # hash of the model's weights
    annotator: str | None
    at: float | None  # unix seconds, UTC, of a human label
    split: Split
    reason: str = ""  # why an expert was asked
