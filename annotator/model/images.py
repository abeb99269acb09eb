"""Images and how they came in, what they look like, and where they lie on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Split = Literal["pool", "test"]
ImageKind = Literal["all", "labeled", "unlabeled", "test"]  # which images are listed


@dataclass(frozen=True, slots=True)
class Image:
    """One image, identified by the SHA-256 of its bytes."""

    id: int
    sha256: str
    name: str  # as the user knows it: the path below the imported source
    stored: str  # path below the workspace, chosen by content
    width: int  # pixels
    height: int  # pixels
    split: Split
    note: str = ""  # what a reader should know: "animated: first frame"


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image that import has read, checked and copied into the workspace."""

    sha256: str
    name: str
    stored: str
    width: int
    height: int
    note: str = ""
    label: str | None = None  # class name that came with it, if any
    personal: str = ""  # what of its metadata may name a person


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that import left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did. `added + duplicates + len(refused)` is the number of files seen."""

    added: int
    duplicates: int  # same bytes as an image that is already there
    refused: tuple[Refused, ...]
    notes: tuple[Refused, ...] = ()  # imported, with something to know
    labeled: int = 0  # labels that came with the source
    personal: tuple[Refused, ...] = ()  # imported, with metadata that may name a person


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """How many near-duplicates there are."""

    found: int  # images beside the first of their group, or that show a test image
    of_test: int  # pool images that show a test image: never trained on
    unsearched: int  # images that no job has compared yet


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One pool image on the map."""

    image_id: int
    x: float  # -1 to 1
    y: float
    label: str | None  # the expert's class
    predicted: str | None  # the newest round's class
    confidence: float | None
    entropy: float | None  # nats
    source: Literal["human", "pseudo", "unsure", "new"]  # pseudo: at or above the threshold
