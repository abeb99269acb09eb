"""The nouns of the product: frozen rows that travel between store, service, worker and pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Split = Literal["pool", "test"]
EventKind = Literal["label", "skip", "undo"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
Model = Literal["baseline", "ssl"]


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class of the workspace. A removed class keeps its labels in the log and can come back."""

    id: int
    name: str
    removed: bool = False


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
    labelled: int = 0  # labels that came with the source


@dataclass(frozen=True, slots=True)
class Question:
    """An image leased to one client to be answered, and why it is asked."""

    image: Image
    reason: str
    score: float | None
    until: float  # unix seconds, UTC: the lease ends then


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


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What became of a batch of events."""

    ack: dict[str, int]  # client -> highest number that is safely in the store
    refused: tuple[tuple[str, int, str], ...] = ()  # (client, seq, reason): not written
    written: tuple[LabelEvent, ...] = ()  # those that were new, in order


@dataclass(frozen=True, slots=True)
class Label:
    """The current human label of an image."""

    image_id: int
    class_id: int
    annotator: str
    at: float
    reason: str = ""  # why the image was asked; empty if its label came with an import


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the labelling stands."""

    images: int
    labelled: int  # current labels, test images included
    pool: int  # images that may be trained on
    pool_labelled: int
    test: int  # images reserved for measuring
    test_labelled: int
    since_round: int  # labels newer than the last round's
    round_every: int  # a round starts by itself at this many; 0 = never


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of background work. `attempt` fences every write of the worker that holds it."""

    id: int
    kind: Literal["prepare", "round"]
    state: JobState
    params: dict[str, Any]
    attempt: int
    progress: float  # 0 to 1
    message: str
    created: float
    started: float | None
    finished: float | None
    error: str | None
    cancel_requested: bool

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Round:
    """One training round: what it learned from, how, and what came of it."""

    id: int
    number: int  # 1, 2, 3, … in the order they began
    job_id: int
    method: str
    regime: str  # "frozen" or "finetune", as decided
    params: dict[str, Any]
    labels: int  # pool labels it trained on
    watermark: int  # last label event it saw
    seed: int
    state: JobState
    started: float
    finished: float | None
    seconds: float | None
    threshold: float  # confidence from which a prediction is a pseudo-label
    pseudo_labels: int | None
    pseudo_ratio: float | None  # share of the unlabelled pool
    model_hash: str | None
    stopped: str | None  # why training ended
    details: dict[str, Any] = field(default_factory=dict)  # backbone, steps, device, …


@dataclass(frozen=True, slots=True)
class EpochPoint:
    """A point of a loss curve."""

    model: Model
    number: int
    step: int
    loss: float
    supervised: float
    unsupervised: float
    used: float  # share of unlabelled rows that taught, 0 to 1
    at: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a round says about one image."""

    image_id: int
    class_id: int
    confidence: float  # largest probability
    entropy: float  # nats


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Test accuracy of one model of one round, on all test labels given so far."""

    round: int
    labels: int
    model: Model
    accuracy: float
    low: float  # exact 95 % interval (Clopper-Pearson)
    high: float
    balanced_accuracy: float
    balanced_low: float  # at least 95 %: exact intervals of the classes' recalls, jointly
    balanced_high: float
    n: int  # test images


@dataclass(frozen=True, slots=True)
class ClassRatio:
    """How many unlabelled images of a predicted class are confident enough to be pseudo-labels."""

    round: int
    class_name: str
    predicted: int
    pseudo: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Rows are the experts' classes, columns the model's, on test images."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A hyper-parameter of a method, as read from its constructor."""

    name: str
    type: Literal["float", "int", "bool", "str"]
    default: Any
    help: str
    low: float | None = None  # of a number: the least value that the constructor allows
    high: float | None = None  # likewise the greatest


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """A method or recipe that a round can use."""

    name: str
    kind: Literal["method", "recipe"]
    summary: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace's owner can set."""

    method: str = "ensemble"
    regime: str = "auto"  # auto, frozen, finetune
    policy: str = "mix"  # a name in ssl_core.acquire
    preset: str = "photo"  # augmentation preset
    backbone: str = "auto"
    threshold: float = 0.95  # confidence from which a prediction is a pseudo-label
    steps: int = 300  # training steps of a round, each of its two models
    round_every: int = 10  # new labels that start a round; 0 = only by hand
    test_share: float = 0.1  # share of each import reserved for measuring
    seed: int = 0
    goal: float = 0.95  # test accuracy at which labelling may stop
    map_images: int = 10_000  # images drawn on the map of the Data page; 0 = no map


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What one export wrote."""

    path: str
    human: int
    pseudo: int
    round: int | None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One line of an exported data set."""

    image: Image
    label: str
    source: Literal["human", "pseudo"]
    confidence: float | None  # of the model; none for a human label
    round: int | None  # the round that pseudo-labelled it
    model: str | None  # hash of the model's weights
    annotator: str | None
    at: float | None  # unix seconds, UTC, of a human label
    split: Split
    reason: str = ""  # why an expert was asked
