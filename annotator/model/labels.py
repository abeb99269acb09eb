"""Labels: questions out, answers in, and where the labeling stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotator.model.images import VALIDATION, Image, LabelSource, Split
from annotator.wording import many

# reject: it is not what a round says. unclear: nobody can tell, for good. flag and note say
# something besides, and leave the image where it is
EventKind = Literal["label", "skip", "undo", "reject", "unclear", "flag", "note"]
# What a question is: '' of an open image; a second person's; one's own that comes back
Again = Literal["", "second", "own"]
Takes = Literal["", "answer", "flag", "note"]  # what an undo takes back; empty: whatever was last


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class of the workspace. A hidden class keeps its labels in the log and can come back."""

    id: int
    name: str
    removed: bool = False
    color: str = ""  # as #rrggbb; empty: none of its own
    description: str = ""  # how to tell it
    example_id: int | None = None  # an image of it
    merged_into: int | None = None  # the class that its labels count as

    @property
    def active(self) -> bool:
        """Whether an image can be given it."""
        return not self.removed and self.merged_into is None


ClassChangeKind = Literal[
    "add", "rename", "merge", "split", "remove", "restore", "order", "describe"
]


@dataclass(frozen=True, slots=True)
class ClassChange:
    """What somebody made of a class: a row of the log, which is never changed."""

    at: float  # unix seconds, UTC
    person: str  # empty: it came with a source
    kind: ClassChangeKind
    class_id: int  # of an order: the class that came first
    name: str  # by which it is known now
    before: Mapping[str, Any]  # what changed, as it was
    after: Mapping[str, Any]  # and as it became
    watermark: int  # the newest label event at that moment


@dataclass(frozen=True, slots=True)
class Unclear:
    """That nobody can tell what an image shows: who said so, when, and why."""

    annotator: str
    at: float  # unix seconds, UTC
    why: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What people have put on an image besides."""

    flags: tuple[str, ...] = ()  # who has flagged it
    notes: tuple[tuple[str, str], ...] = ()  # (who, text), in the order of writing

    @property
    def note(self) -> str:
        """All notes as one text; where there are several, each with who wrote it."""
        if len(self.notes) < 2:
            return "".join(text for _, text in self.notes)
        return "\n".join(f"{who}: {text}" for who, text in self.notes)


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Question:
    """An image leased to one client to be answered, and why it is asked."""

    image: Image
    reason: str
    score: float | None  # of the policy that chose it
    guess: str = ""  # what the model takes it for; empty unless that is shown
    detail: str = ""  # the number behind the reason
    place: int = 0  # in the order of what this page is asked, from 1
    marks: Marks = NO_MARKS  # of whoever is asked
    last: EventKind | Literal[""] = ""  # what they said of it last, if anything
    again: Again = ""  # no page shows it


@dataclass(frozen=True, slots=True)
class Comparison:
    """What may stand beside a question: the labeled images of each class that are most like it."""

    image_id: int  # that is asked
    # class id -> image ids, the most alike first; the classes in the order of their keys
    nearest: Mapping[int, Sequence[int]]
    why_none: str = ""  # why there are none, in words for whoever is asked


@dataclass(frozen=True, slots=True)
class Earlier:
    """An image that somebody has answered, as a page looks back at it."""

    image: Image
    kind: EventKind  # of the answer that stands: label, skip or unclear
    class_id: int | None  # what a label counts as now; none if its class was removed
    why: str  # why they could not tell
    marks: Marks
    last: EventKind  # what they said of it last: an answer, a flag or a note
    again: Again = ""  # of the question that it answers


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One key press of an expert, numbered by the browser tab that sent it."""

    client: str
    seq: int  # increasing within the client
    kind: EventKind
    image_id: int
    sha256: str  # of the image that was on the screen
    class_id: int | None = None  # for kinds "label" and "reject"
    at: float = 0.0  # unix seconds, UTC, by the client's clock
    seconds: float = 0.0  # how long the image was looked at
    source: LabelSource = "human"
    suggestion_shown: bool = False  # whether the model's guess was in sight
    note: str = ""  # of a note, or why somebody cannot tell
    takes: Takes = ""  # of an undo
    again: Again = ""  # of the question that it answers


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
    reason: str = ""  # why the image was asked; empty if nobody had asked, as with an import
    source: LabelSource = "human"
    seconds: float = 0.0  # how long the image was looked at
    propensity: float | None = None  # how likely it was to be asked just then, if that was drawn
    suggestion_shown: bool = False  # whether the model's guess was in sight
    again: Again = ""  # whether the image had an answer already: it never takes that one's place


FoundState = Literal[
    "all",
    "labeled",
    "unlabeled",
    "skipped",
    "unclear",
    "flagged",
    "noted",
    "disagreement",
    "against",
]


@dataclass(frozen=True, slots=True)
class Sought:
    """What an image must be to be found; what is left out may be anything."""

    name: str = ""  # a part of its name or of its page's text; the case of A to Z does not matter
    class_id: int | None = None  # of its label
    annotator: str = ""  # who gave its label, or said what is looked for
    source: LabelSource | None = None  # whose word its label is
    split: Split | None = None
    # skipped: it has no label, and somebody passed over it; against: the newest model disagrees
    state: FoundState = "all"


@dataclass(frozen=True, slots=True)
class Found:
    """An image, its label, and what each person says of it."""

    image: Image
    label: Label | None
    opinions: tuple[Label, ...] = ()  # the last answer of each person, in the order of presses
    disagreed: bool = False  # people say different things, and nobody has settled it
    skipped_by: str = ""  # who put it off, if that is how it stands
    unclear: Unclear | None = None  # if nobody can tell it
    marks: Marks = NO_MARKS
    guess: tuple[int, float] | None = None  # class and confidence; told where it was sought


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that was said of an image, as the log has it."""

    kind: str  # "label", "skip", "undo" and the like
    class_id: int | None
    annotator: str
    at: float  # unix seconds, UTC
    source: LabelSource
    reason: str  # why the image was asked; empty if nobody had asked
    taken_back: bool
    counts: bool  # whether it is the last word on the image: its label, or that nobody can tell it
    note: str = ""  # its text, if it is a note or says why nobody can tell
    again: Again = ""  # whether the image had an answer already, and was asked once more


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of answering anew."""

    name: str  # by which it is taken back
    images: int
    notice: str = ""  # what a person should know besides


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the labeling stands."""

    images: int
    labeled: int  # current labels, of all images
    pool: int  # images that may be trained on
    pool_labeled: int
    test: int  # images reserved for measuring
    test_labeled: int
    since_round: int  # labels newer than the last round's
    round_every: int  # a round starts by itself at this many; 0 = never
    skipped: int = 0  # images that were put off, of all images
    unclear: int = 0  # images that nobody can tell, likewise
    test_unjudged: int = 0  # test images that were put off or that nobody can tell
    val: int = 0  # validation images: what confidences are calibrated by
    val_labeled: int = 0

    @property
    def validation(self) -> str:
        """How many images validate and what comes of it, in words; empty where none does."""
        if not self.val:
            return ""
        does = (
            "confidences are calibrated by them"
            if self.val_labeled >= VALIDATION
            else f"confidences are calibrated by them from {VALIDATION} labeled ones on"
        )
        return f"{many(self.val, 'validation image')}, {self.val_labeled:,} labeled: {does}."
