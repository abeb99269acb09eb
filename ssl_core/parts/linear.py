"""Logistic regression on standardized features: the plain learner that others are measured by."""

from __future__ import annotations

from copy import copy

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from ssl_core.data.standard import Standard
from ssl_core.errors import no_label
from ssl_core.fingerprint import digest
from ssl_core.recipe import Embed
from ssl_core.types import Classifier

CHUNK = 1_024  # rows that are answered about at once: they stay in the processor's own memory


class Linear:
    """Classes by balanced logistic regression on the labels `y` (n,), -1 where unlabeled.

    Each feature has mean 0 and deviation 1 over all `rows` (n,) int64, labeled or not; every class
    weighs the same however many labels it has (Cox, 1958; King & Zeng, 2001, for the weights).
    `model` is the network behind `embed`, where there is one.

    Raises:
        SSLError: no row has a label.
    """

    def __init__(
        self,
        embed: Embed,
        rows: Tensor,
        y: Tensor,
        num_classes: int,
        *,
        strength: float,
        model: Classifier | None = None,
    ) -> None:
        self.seen, self.model, self.num_classes = embed, model, num_classes
        self.rows, self.strength = rows, strength
        self.standard = Standard(self.embed, rows)
        self._learn(y)

    def again(self, y: Tensor) -> Linear:
        """Return a line through the same features, drawn by other labels `y` (n,).

        Raises:
            SSLError: no row has a label.
        """
        other = copy(self)
        other._learn(y)
        return other

    def _learn(self, y: Tensor) -> None:
        known = y >= 0
        if not known.any():
            raise no_label()
        self.classes = y[known].unique()
        self.weights = torch.zeros(len(self.classes), len(self.standard.middle) + 1)
        if len(self.classes) > 1:
            x = self.standard(self.embed(self.rows[known])).numpy()
            self.weights = torch.from_numpy(_fitted(x, y[known].numpy(), self.strength)).float()

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return (n, C) float32 for rows (n,) int64; a class that had no label gets 0."""
        found = torch.zeros(len(rows), self.num_classes)
        for places in torch.arange(len(rows)).split(CHUNK):
            x = self.standard(self.embed(rows[places]))
            logits = x @ self.weights[:, :-1].T + self.weights[:, -1]
            found[places[:, None], self.classes] = logits.softmax(1)
        return found

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 on the CPU that it learned from."""
        return self.seen(rows).cpu()

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name everything it has learned."""
        return digest(self.standard.middle, self.standard.spread, self.classes, self.weights)


def _fitted(x: NDArray[np.float32], y: NDArray[np.int64], strength: float) -> NDArray[np.float64]:
    """Return weights and intercept (classes, D + 1), one row for each class in `y` (n,)."""
    found = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000).fit(x, y)
    weights = np.column_stack([found.coef_, found.intercept_])
    return np.vstack([0 * weights, weights]) if len(weights) == 1 else weights
