"""Rounds: what they learned from, what they predict, and how right they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from annotator.model.images import VALIDATION
from annotator.model.jobs import JobState
from annotator.model.regimes import Regime, Trained, Trial
from annotator.model.settings import Settings
from annotator.wording import deferred, many, weighed

Model = Literal["baseline", "ssl"]
PseudoOrder = Literal["confidence", "uncertain"]  # of pseudo-labels: surest or least sure first


def pairs(saved: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Pairs of ids as JSON has them."""
    return tuple((one, other) for one, other in saved)


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """Everything that a round depends on, fixed at the click; it travels as the job's params."""

    method: str
    regime: Regime
    params: dict[str, Any]  # hyper-parameters that differ from the defaults
    watermark: int  # newest label event that counts
    classes: tuple[int, ...]  # ids; class number c of the networks is classes[c]
    labels: int  # pool labels up to the watermark
    newest: int  # highest id of an image that is looked at
    median_side: int  # median of the images' longer sides, in pixels
    settings: Settings
    merged: tuple[tuple[int, int], ...] = ()  # (class, what its labels counted as)

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> RoundRequest | None:
        """Read a job's params; None if an older version wrote them, which fixed less."""
        if "settings" not in params:
            return None
        return cls(
            **{
                **params,
                "classes": tuple(params["classes"]),
                "settings": Settings.read(params["settings"]),
                "merged": pairs(params.get("merged", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class RoundDetails:
    """What a round decided, and what it found beside its predictions."""

    classes: tuple[int, ...]  # ids; class number c of the networks is classes[c]
    backbone: str
    size: int  # pixels a side
    steps: int
    device: str  # "cpu" or "cuda"
    policy: str
    preset: str
    warm: int | None = None  # the round whose weights it started from
    channels: int | None = None  # of the pixels, 1 gray or 3; None: an older version did not say
    baseline: str | None = None  # the learner it is beside; None: an older version, supervised
    shares: Mapping[str, float] = field(default_factory=dict)  # learner -> what it counts
    losses: Mapping[str, float] = field(default_factory=dict)  # out-of-fold log loss, nats
    deferred: bool = False  # whether the baseline's classes stand, as the method knew no more
    withheld: int | None = None  # labels that its learners were asked about without knowing them
    agreement: float | None = None  # Cohen's kappa with the round before
    histogram: tuple[int, ...] = ()  # of confidences on the unlabeled pool, equal bins over [0, 1]
    anew: tuple[str, ...] = ()  # files of weights that were damaged, so that training began anew
    trial: Trial | None = None  # that "auto" decided by, in this round or an earlier one
    merged: tuple[tuple[int, int], ...] = ()  # (class, what its labels counted as)
    left_out: int = 0  # labeled images that it did not learn from, as people disagree about them
    validation: int | None = None  # labeled validation images; None: an older version had none
    # "ssl" and "baseline" -> the temperature that those gave; empty where they were too few. What a
    # model said itself are its probabilities to the power of that, made to add up to 1
    temperatures: Mapping[str, float] = field(default_factory=dict)
    adapted: tuple[str, ...] = ()  # what was not done as asked, so that it could go on, in words

    @classmethod
    def read(cls, saved: Mapping[str, Any]) -> RoundDetails:
        """Read what the store keeps; what another version added is passed over."""
        known = {each.name for each in fields(cls)}
        kept = {key: value for key, value in saved.items() if key in known}
        kept |= {
            key: tuple(kept.get(key, ())) for key in ("adapted", "anew", "classes", "histogram")
        }
        kept["merged"] = pairs(kept.get("merged", ()))
        trial = kept.pop("trial", None)
        return cls(**kept, trial=trial and Trial.read(trial))


@dataclass(frozen=True, slots=True)
class Round:
    """One training round: what it learned from, how, and what came of it."""

    number: int  # 1, 2, 3, … in the order they began; also its key everywhere
    job_id: int
    method: str
    regime: Trained
    params: dict[str, Any]
    labels: int  # pool labels it trained on; before it ends, those that were there to train on
    watermark: int  # last label event it saw
    seed: int
    state: JobState
    started: float
    finished: float | None
    seconds: float | None
    threshold: float  # confidence from which a prediction is a pseudo-label
    pseudo_labels: int | None
    pseudo_ratio: float | None  # share of the unlabeled pool
    model_hash: str | None
    stopped: str | None  # why training ended
    details: RoundDetails

    @property
    def baseline(self) -> str:
        """The learner that learned from labels alone, for the method to be measured by."""
        return self.details.baseline or "supervised"

    @property
    def answered_by(self) -> str | None:
        """The baseline's learner where the round gives its classes; else the method answers."""
        return self.baseline if self.details.deferred else None

    @property
    def heard(self) -> list[str]:
        """What labels that were kept from its learners said, in words; empty where none were."""
        return [
            *([weighed(self.details.shares)] if self.details.losses else []),
            *([deferred(self.answered_by)] if self.answered_by else []),
        ]

    @property
    def calibrated(self) -> str:
        """What its confidences were made as right as sure by, in words."""
        details, had = self.details, self.details.validation or 0
        images = many(had, "validation image")
        if details.temperatures:
            return f"Confidences are calibrated on {images}."
        few = f" ({images} labeled then; from {VALIDATION} on these calibrate)" if had else ""
        if self.method == "ensemble" and details.shares:  # it asks its learners one by one
            return (
                f"Confidences are calibrated by labels that were kept from learners in turn{few}."
            )
        return f"Confidences are the model's own, not calibrated{few}."


@dataclass(frozen=True, slots=True)
class EpochPoint:
    """A point of a loss curve."""

    model: Model
    number: int
    step: int
    loss: float
    supervised: float
    unsupervised: float
    used: float  # share of unlabeled rows that taught, 0 to 1
    at: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a round says about one image."""

    image_id: int
    class_id: int
    confidence: float  # largest probability
    entropy: float  # nats
    shares: bytes | None = None  # of all classes, packed; an older version kept none
    distance: float | None = None  # to the nearest labeled image, 0 to 2: 1 - cosine


@dataclass(frozen=True, slots=True)
class Judged:
    """How many test images of one class a model of a round puts into another, or the same."""

    round: int  # its number
    labels: int  # pool labels it trained on
    model: Model
    truth: int  # class id, by the experts
    predicted: int  # class id
    n: int  # test images


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Test accuracy of one model of one round, on all test labels given so far."""

    round: int  # its number
    labels: int
    model: Model
    accuracy: float
    low: float  # exact 95 % interval (Clopper-Pearson)
    high: float
    balanced_accuracy: float
    balanced_low: float  # at least 95 %: exact intervals of the classes' recalls, jointly
    balanced_high: float
    n: int  # test images
    learner: str = ""  # the method of the round, or its baseline by name


@dataclass(frozen=True, slots=True)
class Look:
    """How many test images a round's model had right when it ended, of those labeled by then."""

    round: int  # its number
    right: int
    n: int


@dataclass(frozen=True, slots=True)
class ClassRatio:
    """How many unlabeled images of a predicted class are confident enough to be pseudo-labels."""

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
class Advice:
    """A sentence, and whether it speaks for stopping."""

    text: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A hyper-parameter of a method, as its class declares it."""

    name: str
    type: Literal["float", "int", "bool", "str"]
    default: Any
    help: str
    low: float | None = None  # of a number: the least value that is allowed
    high: float | None = None  # likewise the greatest
    choices: tuple[str, ...] = ()  # of a text: all that it may be; none where it is free
    unit: str = ""  # of a number: what it counts

    @property
    def allowed(self) -> str:
        """What it may be, as in "0 to 10 pixels"; empty where its type says it all."""
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None:
            return ""
        return f"{self.low:,.12g} to {self.high:,.12g} {self.unit}".rstrip()  # 1,000,000, not 1e+06


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """A method or recipe that a round can use."""

    name: str
    kind: Literal["method", "recipe"]
    summary: str
    parameters: tuple[Parameter, ...]
