"""What the owner of a workspace decides: each setting with its words and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

from annotator.errors import AnnotatorError
from annotator.model.regimes import REGIMES, Regime

Value = TypeVar("Value")
Unit = Literal["", "%"]  # "%": a share, 0 to 1, that the page shows in percent
Table = Literal[
    "methods", "policies", "presets", "backbones", "executors"
]  # of names, read by the catalog
Choices = Table | Mapping[Any, str]  # a mapping says what each name does


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what form, command line and checks know of it. It is a number or a name."""

    name: str
    default: str | int | float
    label: str  # on the page
    help: str
    low: float  # of a number
    high: float
    step: float  # of a slider
    unit: Unit
    choices: Choices | None  # of a name
    zero: str  # what 0 stands for where a number may be it whatever the limits; else empty

    def read(self, text: str) -> str | int | float:
        """What was typed, as a value of the setting's type.

        Raises:
            AnnotatorError: it is no such number.
        """
        if self.zero and text == self.zero:
            return 0
        try:
            return type(self.default)(text)
        except ValueError:
            raise self._refused(repr(text)) from None

    def check(self, value: object) -> None:
        """Judge a number.

        Raises:
            AnnotatorError: it is of another type, or beyond the limits.
        """
        types = int if isinstance(self.default, int) else (int, float)
        if not isinstance(value, types) or not (
            self.low <= value <= self.high or (self.zero and value == 0)
        ):
            raise self._refused(str(value))

    @property
    def span(self) -> str:
        """The limits of a number, in words."""
        return f"{self.low:,} to {self.high:,}" + (f", or 0 for {self.zero}" if self.zero else "")

    def _refused(self, value: str) -> AnnotatorError:
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return AnnotatorError(
            f"{self.name} is {value}; it must be {kind} from {self.span}, such as {self.default}."
        )


def setting(
    default: Value,
    label: str,
    help: str,  # noqa: A002 - the word of widgets and command lines
    *,
    low: float = 0,
    high: float = 1,
    step: float = 1,
    unit: Unit = "",
    choices: Choices | None = None,
    zero: str = "",
) -> Value:
    """A field of Settings that carries what `Setting` says of it."""
    about = {"label": label, "help": help, "choices": choices, "zero": zero}
    numbers = {"low": low, "high": high, "step": step, "unit": unit}
    return field(default=default, metadata={"default": default, **about, **numbers})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace's owner can set, in the order in which the page asks for it."""

    method: str = setting(
        "ensemble",
        "Method",
        "How rounds learn from labeled and unlabeled images; Rounds explains each.",
        choices="methods",
    )
    regime: Regime = setting(  # noqa: RUF009 - what it returns is a field
        "auto", "Regime", "What of the network is trained.", choices=REGIMES
    )
    policy: str = setting(
        "mix",
        "Asking policy",
        "Which images are asked first. It holds from the next round on.",
        choices="policies",
    )
    preset: str = setting(
        "photo",
        "Augmentation",
        "What a change may do to an image without changing its class.",
        choices="presets",
    )
    backbone: str = setting(
        "auto",
        "Backbone",
        "The network that sees the images, or imported embeddings. A name counts in the regime "
        "that it is made for.",
        choices="backbones",
    )
    side: int = setting(
        0,
        "Side of frozen images in pixels",
        "Larger shows a frozen network more and takes longer; auto goes by the images' own size.",
        low=32,
        high=512,
        zero="auto",
    )
    threshold: float = setting(
        0.95,
        "Pseudo-label threshold",
        "Confidence from which a prediction is a pseudo-label.",
        low=0,
        high=1,
        step=0.005,
        unit="%",
    )
    steps: int = setting(
        300,
        "Training steps of a round",
        "Of each network that it trains. More steps take longer and may learn better.",
        low=1,
        high=10**7,
    )
    round_every: int = setting(
        10,
        "Start a round every … labels",
        "0: only when you press Start on the Rounds page.",
        low=0,
        high=10**6,
    )
    least_look: int = setting(
        150,
        "Shortest look in milliseconds",
        "A class key counts once its image has been on the screen for so long. 0: at once.",
        low=0,
        high=5000,
    )
    show_guess: Literal["off", "on"] = setting(
        "off",
        "Show the model's guess",
        "Whether the Label page tells what the model takes an image for. It sways answers: those "
        "given beside a guess are marked in the export.",
        choices={
            "off": "answers are given blind",
            "on": "the two likeliest classes stand with the reason",
        },
    )
    second_opinions: float = setting(
        0.0,
        "Second opinions",
        "Share of images that a second person is asked too, without knowing of it. The first "
        "answer counts until a reviewer settles where the two differ.",
        low=0,
        high=1,
        step=0.01,
        unit="%",
    )
    opinions: int = setting(
        2,
        "Opinions an image",
        "How many people are asked about each image of that share, one after the other, the first "
        "included.",
        low=2,
        high=5,
    )
    repeats: float = setting(
        0.0,
        "Blind repeats",
        "Share of images that come back to the person who answered them, at least 50 answers "
        "later and without a word. The first answer counts; Quality tells how many were the same.",
        low=0,
        high=0.5,
        step=0.01,
        unit="%",
    )
    unsettled: Literal["learn", "leave_out"] = setting(
        "learn",
        "What people disagree about",
        "Whether rounds learn from an image before a reviewer has settled what it is.",
        choices={
            "learn": "rounds learn from the label that counts meanwhile",
            "leave_out": "rounds leave the image out until it is settled",
        },
    )
    test_share: float = setting(
        0.1,
        "Reserved for measuring",
        "Share of each later import that measures accuracy and is never learned from.",
        low=0,
        high=0.9,
        step=0.01,
        unit="%",
    )
    val_share: float = setting(
        0.0,
        "Reserved for calibrating",
        "Share of each later import, 60 images or more where there are enough, that says how sure "
        "models may be and is never learned from. Labels do more as lessons unless there are many. "
        "0: none; images that are here stay what they are.",
        low=0,
        high=0.5,
        step=0.01,
        unit="%",
    )
    goal: float = setting(
        0.95,
        "Goal",
        "Test accuracy at which the Quality page says that you may stop.",
        low=0.5,
        high=1,
        step=0.005,
        unit="%",
    )
    map_images: int = setting(
        10_000,
        "Images on the map",
        "At most so many are drawn on the Data page. 0: no map.",
        low=0,
        high=10**5,
    )
    backup_every: int = setting(
        100,
        "Back up every … labels",
        "Into the folder `backups` of the workspace. 0: never by itself.",
        low=0,
        high=10**6,
    )
    backups_kept: int = setting(
        5,
        "Backups kept",
        "Of those that make themselves; the oldest goes when a new one is there.",
        low=1,
        high=1000,
    )
    executor: str = setting(
        "local",
        "Where networks compute",
        "Embeddings and the predictions of whole networks: in the worker, in processes on every "
        "core of this machine, or on a Ray cluster, by its address. It changes no result.",
        choices="executors",
    )
    seed: int = setting(0, "Seed", "The same seed repeats the same round.", low=0, high=2**31 - 1)

    @classmethod
    def read(cls, saved: Mapping[str, Any]) -> Settings:
        """Settings from saved values; those that no version here knows are passed over."""
        return cls(**{key: value for key, value in saved.items() if key in SETTINGS})


SETTINGS = {each.name: Setting(each.name, **each.metadata) for each in fields(Settings)}
