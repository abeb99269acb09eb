"""Contract 2: a recipe is a loop of fits that says what it labeled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Generator, Mapping
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ssl_core.hyper import Declared
from ssl_core.types import Classifier, Predictor, Run, Working

Embed: TypeAlias = Callable[[Tensor], Tensor]  # rows (n,) int64 -> features (n, D) float32


class Kept(Protocol):
    """Keeps what takes long to work out, under a name that stands for all it was worked out of."""

    def load(self, name: str) -> Mapping[str, NDArray[np.generic]] | None:
        """Return what was saved; None where it was not, is gone or is damaged."""
        ...

    def save(self, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Keep arrays; it may forget them again."""
        ...


class Fit(Protocol):
    """Trains on given rows and labels; `model = yield from fit(rows, labels)`.

    Rows may repeat: a bootstrap is a list of rows. Every call starts afresh. Behind it is the
    neural trainer (`NeuralFit`) or any scikit-learn classifier (`SklearnFit`).
    """

    @property
    def num_classes(self) -> int:
        """Columns of every prediction."""
        ...

    @property
    def groups(self) -> Tensor | None:
        """What belongs together, (N,) int64 over all rows: those of one number; None: nothing."""
        ...

    @property
    def methods(self) -> Collection[str]:
        """What `by` takes."""
        ...

    @property
    def embed(self) -> Embed | None:
        """What is known of the rows before any training; None where a network must learn it."""
        ...

    @property
    def kept(self) -> Kept | None:
        """Where what depends on the features alone lies from run to run; None: nowhere."""
        ...

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        """Take rows (n,) int64; yield epochs; return a predictor.

        Labels are classes (n,) int64, or probabilities (n, C) float32.
        """
        ...

    def by(self, method: str) -> Fit:
        """Return the same fit by another method.

        Raises:
            SSLError: it is not one of `methods`; the message lists them.
        """
        ...

    def toward(self, prior: Tensor) -> Fit:
        """Return the same fit where the unlabeled rows have these shares of the classes, (C,)."""
        ...

    def standardized(self) -> Fit:
        """Return the same fit on features of mean 0 and deviation 1; images stay as they are."""
        ...

    def noised(self) -> Fit:
        """Return the same fit with all its noise on the labeled rows; it predicts without."""
        ...

    def views(self) -> tuple[Fit, Fit]:
        """Return the same fit on two different views of every row."""
        ...


class Recipe(Declared, ABC):
    """Runs several fits. Iterate for progress, close to cancel.

    Subclasses declare their hyper-parameters as fields.
    """

    from_scratch: ClassVar[bool] = False  # whether an earlier network must not be where it starts

    @abstractmethod
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        """Learn from `rows` (n,) int64 whose labels are `y` (n,) int64, -1 where unlabeled.

        One label at least must be there.
        """

    def ahead(
        self, rows: Tensor, embed: Embed, kept: Kept
    ) -> Generator[Working, None, object] | None:
        """Return the work that leaves in `kept` what takes runs with these `rows` long to find.

        It depends on no label. None where there is no such work.
        """
        del rows, embed, kept
        return None


def together(rows: Tensor, fit: Fit) -> Tensor | None:
    """Return the groups (n,) int64 of `rows` (n,), by which labels are kept back; None: no two."""
    return None if fit.groups is None else fit.groups[rows]


def sight(
    rows: Tensor, y: Tensor, fit: Fit, method: str
) -> Generator[Any, None, tuple[Embed, Classifier | None]]:
    """Return the features that are there; of images, those that a network learns by `method`.

    With them comes that network, where there is one.
    """
    if fit.embed is not None:
        return fit.embed, None
    known = y >= 0
    seer = yield from fit.by(method)(*balanced(rows[known], y[known]))
    return seer.embed, seer.model


def confident(model: Predictor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return the largest probability (n,) float32 and its class (n,) int64 for each row."""
    confidence, label = model.probabilities(rows).max(1)
    return confidence, label


def balanced(rows: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Repeat rows (n,) until every class in `labels` (n,) is as frequent as the largest."""
    largest = int(torch.bincount(labels).max())
    order = torch.cat(
        [
            members.repeat(-(-largest // len(members)))[:largest]
            for members in ((labels == label).nonzero().squeeze(1) for label in labels.unique())
        ]
    )
    return rows[order], labels[order]
