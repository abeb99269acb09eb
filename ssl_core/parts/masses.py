"""Class masses: how much of the pool each class has, and answers that are as frequent as that."""

from __future__ import annotations

import torch
from torch import Tensor

from ssl_core.fingerprint import digest
from ssl_core.types import Classifier, Predictor

PRIOR = 0.5  # rows of each class that are taken to be there before any is counted
PASSES = 50
TINY = 1e-6  # a class with less than this on the mean is nobody's guess, and is left alone
STEP = 2.0  # most that a class is scaled in one pass, up or down


def class_shares(probabilities: Tensor, n: int) -> Tensor:
    """Return the share of each class (C,) among the likeliest classes of (N, C) probabilities.

    What the pool holds is not what was labeled: labels are drawn evenly, or asked where a model is
    unsure. `n` labels taught what the answers are worth, so the shares count as n rows, beside
    PRIOR rows of each class; none is 0.
    """
    counts = torch.bincount(probabilities.argmax(1), minlength=probabilities.shape[1]).double()
    found = counts / counts.sum() * n + PRIOR
    return (found / found.sum()).float()


def scales(probabilities: Tensor, shares: Tensor) -> Tensor:
    """Return factors (C,) by which scaled probabilities (N, C) have `shares` (C,) on the mean.

    Class mass normalization (Zhu, Ghahramani & Lafferty, 2003), repeated, since rows are made to
    add up to 1 again.
    """
    factors = torch.ones(probabilities.shape[1])
    for _ in range(PASSES):
        mean = scaled(probabilities, factors).mean(0)
        wanted = torch.where(mean > TINY, shares / mean.clamp_min(TINY), 1.0)
        factors = factors * wanted.clamp(1 / STEP, STEP)
        factors = factors / factors.mean()
    return factors


def scaled(probabilities: Tensor, factors: Tensor) -> Tensor:
    """Return probabilities (n, C), each class times its factor (C,), rows adding up to 1."""
    found = probabilities * factors
    return found / found.sum(1, keepdim=True).clamp_min(1e-12)


class Scaled:
    """A predictor whose classes are scaled by `factors` (C,)."""

    def __init__(self, inner: Predictor, factors: Tensor) -> None:
        self.inner, self.factors = inner, factors

    @property
    def model(self) -> Classifier | None:
        """The network of the predictor inside."""
        return self.inner.model

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64."""
        return scaled(self.inner.probabilities(rows), self.factors)

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 of the predictor inside."""
        return self.inner.embed(rows)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the predictor and its factors."""
        return digest(self.inner.fingerprint(), self.factors)
