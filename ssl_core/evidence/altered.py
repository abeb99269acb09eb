"""A predictor whose answers are changed afterward; what it sees, and its network, stay."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor

from ssl_core.fingerprint import digest
from ssl_core.types import Classifier, Predictor


class Over:
    """What has another predictor inside: it sees what `inner` sees, and has its network."""

    def __init__(self, inner: Predictor) -> None:
        self.inner = inner

    @property
    def model(self) -> Classifier | None:
        """The network of the predictor inside."""
        return self.inner.model

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 of the predictor inside."""
        return self.inner.embed(rows)


class Altered(Over, ABC):
    """Answers as `inner` does, changed by `given`: a number, or a tensor."""

    def __init__(self, inner: Predictor, given: float | Tensor) -> None:
        super().__init__(inner)
        self.given = given

    @abstractmethod
    def altered(self, probabilities: Tensor) -> Tensor:
        """Change probabilities (n, C); rows still add up to 1."""

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64."""
        return self.altered(self.inner.probabilities(rows))

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the predictor and what changes its answers."""
        return digest(self.inner.fingerprint(), self.given)
