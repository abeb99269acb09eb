"""Images and how they came in, what they look like, and where they lie on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# Whose word a label is: an expert's blind or by a check of the model's guess, one that came with
# an import, one that settles a disagreement, or a model's, which never becomes any of the others.
# unclear: there is no label, as an expert could not tell
LabelSource = Literal["human", "verified", "imported", "adjudicated", "pseudo", "unclear"]
# What an image is for: to learn from; to say how sure a model may be; to measure how right it is
Split = Literal["pool", "val", "test"]
VALIDATION = 60  # labeled validation images from which confidences are calibrated by them
# What may be seen of an image: as large as it is, sized for a stage, small, or its numbers
Variant = Literal["", "display", "thumb", "numbers"]
VARIANTS: tuple[Variant, ...] = ("display", "thumb", "numbers", "")
ImageKind = Literal["all", "labeled", "unlabeled", "val", "test"]  # which images are listed


@dataclass(frozen=True, slots=True)
class Image:
    """One image, identified by the SHA-256 of its bytes; a document by that of its pages."""

    id: int
    sha256: str
    name: str  # as the user knows it: the path below the imported source
    stored: str  # path below the workspace, chosen by content; of a document that of its face
    width: int  # pixels
    height: int  # pixels
    split: Split
    note: str = ""  # what a reader should know: "animated: first frame"
    pages: int = 1  # more than one: a document, which is asked and labeled as a whole
    face: int = 1  # the number of its page that models learn from and cards show


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a document: a picture file of ours, named by its content."""

    number: int  # from 1
    sha256: str
    stored: str  # path below the workspace
    size: int  # bytes
    width: int  # pixels
    height: int  # pixels
    text: str = ""  # what is written on it, where the file says so


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that an image or a page of a document lies in."""

    name: str  # of the image, with the number of the page
    stored: str  # path below the workspace
    sha256: str  # of its bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to see of a page of a document."""

    width: int  # pixels
    height: int  # pixels
    large: bool  # whether it has a smaller picture for a stage
    deep: bool  # whether there are numbers behind it that its picture does not show


@dataclass(frozen=True, slots=True)
class Turned:
    """Relative addresses of a document's pages; behind each goes which page is meant."""

    display: str  # as large as a stage needs it
    numbers: str  # the numbers behind it
    sheets: tuple[Sheet, ...]  # of its pages, in order; the last is like all that follow it


@dataclass(frozen=True, slots=True)
class Views:
    """Relative addresses under which a browser may have an image, of a document its face."""

    url: str  # as large as it is
    display: str  # as large as a stage needs it; the same where that is all of it
    numbers: str  # the numbers behind it; empty where its picture shows all that there is
    turned: Turned | None = None  # of a document


@dataclass(frozen=True, slots=True)
class Given:
    """Who gave the label that a source brings along, as far as the source says."""

    source: LabelSource = "imported"
    annotator: str = ""
    at: float | None = None  # unix seconds, UTC
    seconds: float = 0.0  # how long the image was looked at
    reason: str = ""  # why it was asked
    propensity: float | None = None  # how likely it was to be asked just then, if that was drawn
    suggestion_shown: bool = False  # whether a model's guess was in sight
    why: str = ""  # why nobody can tell, where the source is "unclear"


@dataclass(frozen=True, slots=True)
class Told:
    """What a source tells of an image beside its pixels."""

    label: str | None = None  # a class name
    given: Given = Given()
    split: Split | None = None  # in which it stays: an export of ours says so
    part: str = ""  # "train", "val" or "test" of a source that is divided; kept only where asked
    group: str = ""  # what belongs together, such as a patient; only its salted hash is stored
    place: str = ""  # where a container says so, such as "line 3"; empty where its name tells
    flag: bool = False  # whether somebody has flagged it
    note: str = ""  # what people have noted on it


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image that import has read, checked and copied into the workspace."""

    sha256: str
    name: str
    stored: str
    width: int
    height: int
    note: str = ""
    told: Told = NOTHING
    personal: str = ""  # what of its metadata may name a person
    origin: str = ""  # SHA-256 of the file that it is a page of; empty where it is a whole file
    page: int = 0  # which one, from 1; 0 where it is a whole file or a document
    text: str = ""  # what is written on it, where the file says so
    facts: Mapping[str, str] = field(default_factory=dict)  # tags that were asked for
    pages: tuple[DocumentPage, ...] = ()  # of a document, in order; empty of all other images
    face: int = 1  # the number of the page that lies at `stored`
    # (center, width) of each window of its file, where none was chosen; empty where the file has
    # none and its values are deep, None where there was nothing to choose or to guess
    windows: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or a row that import left out, and why."""

    name: str
    reason: str
    row: bool = False  # whether it is a row of a table, or an entry of the like, and no file
    page: bool = False  # whether it is one of several pages of a file


@dataclass(frozen=True, slots=True)
class Noted(Refused):
    """What a container tells that no file of it is left out for, but somebody should know."""


@dataclass(frozen=True, slots=True)
class EmbeddingsReport:
    """What one import of embeddings did."""

    name: str
    width: int  # numbers an image
    matched: int  # rows that are about an image here
    images: int  # that there are
    unknown: tuple[str, ...]  # keys of rows that are no image's
    missing: tuple[str, ...]  # names of images that have none yet, with all that was imported
    told: str  # how rows were matched


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """How many near-duplicates there are."""

    found: int  # images beside the first of their group, or that show one that measures
    of_test: int  # images that show one that measures: never trained on
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
