"""Prediction in chunks: logits, features and probabilities of many rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ssl_core.data.sources import Data
from ssl_core.fingerprint import state_hash
from ssl_core.memory import Pieces, few
from ssl_core.types import Classifier

CHUNK = 512  # rows at once, where memory suffices


def predict(model: Classifier, data: Data, rows: Tensor) -> Tensor:
    """Return the logits of the clean rows (n,) int64: (n, C) float32 on the CPU."""
    return _each(model, model, data, rows, model.num_classes)


def embed(model: Classifier, data: Data, rows: Tensor) -> Tensor:
    """Return the features of the clean rows (n,) int64: (n, num_features) float32 on the CPU."""
    return _each(model, model.encode, data, rows, model.num_features)


@torch.no_grad()
def _each(
    model: Classifier,
    function: Callable[[Tensor], Tensor],
    data: Data,
    rows: Tensor,
    width: int,
) -> Tensor:
    training = model.training
    model.eval()
    try:
        if not len(rows):
            return torch.empty(0, width)
        size = few(CHUNK, data.clean(rows[:1]).shape[1:], data.device)
        return Pieces(size)(lambda part: function(data.clean(part)).float().cpu(), rows)
    finally:
        model.train(training)


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """What a network makes of every row of its data, float32 on the CPU."""

    features: Tensor  # (N, num_features)
    logits: Tensor  # (N, C)


class NeuralPredictor:
    """A trained network over the rows of its data; `model` is the network to save or to name.

    Where somebody else has sent all rows through it, set `passed`: it then answers from there.
    """

    def __init__(self, model: Classifier, data: Data) -> None:
        self.model, self.data = model.eval(), data
        self.passed: Passed | None = None

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return (n, C) float32 on the CPU for rows (n,) int64: the softmax of the logits."""
        if self.passed is not None:
            return self.passed.logits[rows].softmax(1)
        return predict(self.model, self.data, rows).softmax(1)

    def embed(self, rows: Tensor) -> Tensor:
        """Return the network's features (n, D) float32 on the CPU for rows (n,) int64."""
        if self.passed is not None:
            return self.passed.features[rows]
        return embed(self.model, self.data, rows)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the weights and buffers."""
        return state_hash(self.model)
