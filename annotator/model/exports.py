"""The exported data set: its rows, and what one export wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.images import Image, LabelSource, Split


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What one export wrote."""

    path: str
    human: int  # labels of people, blind or not, and of imports
    pseudo: int
    round: int | None
    left_out: tuple[str, ...] = ()  # images whose files are gone or damaged, by name
    notes: tuple[str, ...] = ()  # sentences on what was changed, or is missing
    unclear: int = 0  # rows without a label, of images that nobody can tell


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that lies in the workspace."""

    name: str  # of its folder
    at: float  # when it was written, unix seconds, UTC


@dataclass(frozen=True, slots=True)
class Doubt:
    """What to know before pseudo-labels are exported."""

    estimate: str  # how many of them may be right; there is always something to say
    warnings: tuple[str, ...] = ()
    left_out: bool = False  # whether they stay behind unless they are asked for
    pseudo: int = 0  # how many there are

    @property
    def said(self) -> tuple[str, ...]:
        """All of it, the estimate first."""
        return (self.estimate, *self.warnings)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One line of an exported data set."""

    image: Image
    label: str  # empty where the source is "unclear"
    source: LabelSource
    confidence: float | None  # of the model; none for a human label
    round: int | None  # the round that pseudo-labeled it
    model: str | None  # hash of the model's weights
    annotator: str | None
    at: float | None  # unix seconds, UTC, of a human label
    split: Split
    reason: str = ""  # why an expert was asked
    seconds: float | None = None  # how long the expert looked
    propensity: float | None = None  # how likely it was to be asked just then, if that was drawn
    suggestion_shown: bool | None = None  # whether the expert saw the model's guess
    group: str = ""  # a salted hash of what belongs together, such as a patient
    flag: bool = False  # whether somebody has flagged it
    note: str = ""  # what people have noted on it
    why_unclear: str = ""  # why an expert could not tell it
    # of a model, by the names of the classes that its round knew; none for a human label
    probabilities: Mapping[str, float] | None = None
    kin: int = 0  # the same for all near-duplicates of one image; 0 without any
