"""Contract 2: a recipe is a loop of fits that says what it labelled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

from torch import Tensor

from ssl_core.types import Predictor, Run


class Fit(Protocol):
    """Trains on given rows and labels; `model = yield from fit(rows, labels)`.

    Rows may repeat: a bootstrap is a list of rows. Every call starts afresh. Behind it is the
    neural trainer (`fits.NeuralFit`) or any scikit-learn classifier (`fits.SklearnFit`).
    """

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        """Take rows (n,) int64 and labels (n,) int64; yield epochs; return a predictor."""
        ...


class Recipe(ABC):
    """Runs several fits. Iterate for progress, close to cancel."""

    @abstractmethod
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        """Learn from `rows` (n,) int64 whose labels are `y` (n,) int64, -1 where unlabelled."""


def confident(model: Predictor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return the largest probability (n,) float32 and its class (n,) int64 for each row."""
    confidence, label = model(rows).max(1)
    return confidence, label
