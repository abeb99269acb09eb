"""The nouns of training: what goes into a step, what comes out, and what a run reports."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from torch import Tensor, nn

View: TypeAlias = str  # "weak", "strong", or a further draw of one: "weak2", "strong2", …


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's rows. B labeled rows and M unlabeled ones, chosen independently."""

    x: Tensor  # (B, …) float: labeled rows, weak view
    y: Tensor  # (B,) int64 classes, or (B, C) float32 probabilities
    u: dict[View, Tensor]  # view -> (M, …) float: the same unlabeled rows, seen differently
    index: Tensor  # (M,) int64: positions in the unlabeled pool, 0 to num_unlabeled - 1


@dataclass(frozen=True, slots=True)
class Losses:
    """What a method makes of one batch."""

    supervised: Tensor  # scalar
    unsupervised: Tensor  # scalar
    weight: float = 1.0  # of the unsupervised term
    used: Tensor | float = 0.0  # share of the unlabeled rows that taught, 0 to 1

    @property
    def total(self) -> Tensor:
        """The scalar that is minimized: supervised + weight * unsupervised."""
        return self.supervised + self.weight * self.unsupervised


@dataclass(frozen=True, slots=True)
class Task:
    """What a method may know of the problem before it sees a batch."""

    num_classes: int
    num_unlabeled: int  # rows of the unlabeled pool; Batch.index counts in it
    num_features: int  # width of Classifier.encode's output
    class_prior: Tensor  # (C,) float32, sums to 1: shares of the unlabeled rows, as far as known


class Classifier(nn.Module):
    """An encoder (input -> (B, num_features)) and a head (features -> (B, num_classes) logits)."""

    def __init__(
        self, encoder: nn.Module, head: nn.Module, *, num_features: int, num_classes: int
    ) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head
        self.num_features, self.num_classes = num_features, num_classes

    def encode(self, x: Tensor) -> Tensor:
        """Return the features of `x`, (B, num_features)."""
        features: Tensor = self.encoder(x)
        return features

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits of `x`, (B, num_classes)."""
        logits: Tensor = self.head(self.encode(x))
        return logits


@dataclass(frozen=True, slots=True)
class Epoch:
    """Some training steps are done; losses are means over the steps since the last epoch."""

    number: int  # 1, 2, 3, …
    epochs: int
    step: int  # steps done so far
    steps: int  # steps in all
    loss: float
    supervised: float
    unsupervised: float  # before its weight
    used: float  # share of the unlabeled rows that taught, 0 to 1
    validation: float | None = None  # balanced accuracy of the teacher, 0 to 1, where it is judged
    apart: bool = False  # of a fit that is only asked about labels kept from it


@dataclass(frozen=True, slots=True)
class Round:
    """A recipe has labeled rows by itself; a row comes again only if its label has changed."""

    number: int  # 1, 2, 3, …
    rows: Tensor  # (n,) int64
    labels: Tensor  # (n,) int64
    confidence: Tensor  # (n,) float32


@dataclass(frozen=True, slots=True)
class Planned:
    """A recipe knows how many fits are to come, at most."""

    fits: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A recipe asked its learners about labeled rows that they had not learned from."""

    shares: dict[str, float]  # learner -> its share of the answer; together 1
    losses: dict[str, float]  # learner -> mean log loss on those rows, nats


@dataclass(frozen=True, slots=True, eq=False)
class Withheld:
    """What a recipe's learners say of labeled rows whose labels were kept from them."""

    rows: Tensor  # (m,) int64
    said: Tensor  # (m, C) float32 probabilities


@dataclass(frozen=True, slots=True)
class Adapted:
    """Something was not done as asked, so that training could go on."""

    words: str  # what it was, and what was done about it


@dataclass(frozen=True, slots=True)
class Working:
    """Something that is no training goes on, and so much of it is done."""

    what: str
    done: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Stopped:
    """Training ended, and why."""

    reason: str


class Predictor(Protocol):
    """A trained model over the rows of its data: a network, a graph, a committee of others."""

    @property
    def model(self) -> Classifier | None:
        """The network that a later fit can start from, if there is one."""
        ...

    def probabilities(self, rows: Tensor) -> Tensor:
        """Take rows (n,) int64; return (n, C) float32 on the CPU, each row adding up to 1."""
        ...

    def embed(self, rows: Tensor) -> Tensor:
        """Take rows (n,) int64; return features (n, D) float32 on the CPU: like rows lie close."""
        ...

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name everything it has learned."""
        ...


Run: TypeAlias = Generator[
    Epoch | Round | Planned | Weighed | Withheld | Adapted | Working | Stopped, None, Predictor
]
Event = TypeVar("Event")
News = TypeVar("News")
Result = TypeVar("Result")


def relayed(
    run: Generator[Event, None, Result], tell: Callable[[Event], News | None]
) -> Generator[News, None, Result]:
    """Pass on what `tell` makes of each event, if anything; return what the run returns."""
    while True:
        try:
            event = next(run)
        except StopIteration as end:
            result: Result = end.value
            return result
        news = tell(event)
        if news is not None:
            yield news


def finish(
    run: Generator[Event, None, Result], hear: Callable[[Event], object] | None = None
) -> Result:
    """Run to the end; return what the run returns, such as its model. `hear` gets every event."""
    while True:
        try:
            event = next(run)
        except StopIteration as end:
            result: Result = end.value
            return result
        if hear is not None:
            hear(event)
