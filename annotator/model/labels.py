"""Labels: questions out, answers in, and where the labeling stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.model.images import Image, LabelSource

EventKind = Literal["label", "skip", "undo"]


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class of the workspace. A removed class keeps its labels in the log and can come back."""

    id: int
    name: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """An image leased to one client to be answered, and why it is asked."""

    image: Image
    reason: str
    score: float | None  # of the policy that chose it


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One key press of an expert, numbered by the browser tab that sent it."""

    client: str
    seq: int  # increasing within the client
    kind: EventKind
    image_id: int
    sha256: str  # of the image that was on the screen
    class_id: int | None = None  # for kind "label"
    at: float = 0.0  # unix seconds, UTC, by the client's clock
    seconds: float = 0.0  # how long the image was looked at
    source: LabelSource = "human"
    suggestion_shown: bool = False  # whether the model's guess was in sight


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What became of a batch of events."""

    ack: dict[str, int]  # client -> highest number that is safely in the store
    refused: tuple[tuple[str, int, str], ...] = ()  # (client, seq, reason): not written
    written: tuple[LabelEvent, ...] = ()  # those that were new, in order
    notice: str = ""  # what a person should know besides; the events are safe all the same


@dataclass(frozen=True, slots=True)
class Label:
    """The current human label of an image."""

    image_id: int
    class_id: int
    annotator: str
    at: float
    reason: str = ""  # why the image was asked; empty if its label came with an import
    source: LabelSource = "human"
    seconds: float = 0.0  # how long the image was looked at
    propensity: float | None = None  # how likely it was to be asked just then, if that was drawn
    suggestion_shown: bool = False  # whether the model's guess was in sight


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the labeling stands."""

    images: int
    labeled: int  # current labels, test images included
    pool: int  # images that may be trained on
    pool_labeled: int
    test: int  # images reserved for measuring
    test_labeled: int
    since_round: int  # labels newer than the last round's
    round_every: int  # a round starts by itself at this many; 0 = never
