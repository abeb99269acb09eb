"""A recipe's fit by any scikit-learn classifier over embeddings."""

from __future__ import annotations

import pickle
from copy import copy
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter
from torch import Tensor

from ssl_core.errors import unknown
from ssl_core.fingerprint import digest
from ssl_core.types import Run


class Embeddings(Protocol):
    """Features (N, D) of all rows: an array, a memory map, or whatever is indexed like one."""

    def __getitem__(self, key: Any, /) -> NDArray[np.floating]: ...


class SklearnFit:
    """Fits a clone of any scikit-learn `classifier` to embeddings (N, D); it yields no epochs.

    It has one method, no noise of its own, and two halves of the columns as views. `second` is
    another source of the same rows, (N, E), to be the second view instead. Rows of one number in
    `groups` (N,) int64 belong together; by default no two do.
    """

    methods = ("supervised",)
    kept = None

    def __init__(
        self,
        classifier: Any,
        embeddings: Embeddings,
        num_classes: int,
        *,
        second: Embeddings | None = None,
        columns: slice = slice(None),
        groups: Tensor | None = None,
    ) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes
        self.groups = groups
        self.second, self.columns = second, columns

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        weights: dict[str, NDArray[np.float32]] = {}
        if labels.is_floating_point():
            rows, labels, weights = self._hard(rows, labels)
        x = self.embeddings[rows.numpy(), self.columns]
        fitted = clone(self.classifier).fit(x, labels.numpy(), **weights)
        return SklearnPredictor(fitted, self.embeddings, self.num_classes, self.columns)
        yield  # a generator like every fit, though it has nothing to report

    def _hard(
        self, rows: Tensor, labels: Tensor
    ) -> tuple[Tensor, Tensor, dict[str, NDArray[np.float32]]]:
        """Turn probabilities into weighted classes, or the likeliest where none can be weighted."""
        if not has_fit_parameter(self.classifier, "sample_weight"):
            return rows, labels.argmax(1), {}
        row, label = labels.nonzero(as_tuple=True)
        return rows[row], label, {"sample_weight": labels[row, label].numpy()}

    def embed(self, rows: Tensor) -> Tensor:
        """Return the embeddings (n, D) float32 of rows (n,) int64."""
        return torch.from_numpy(self.embeddings[rows.numpy(), self.columns]).float()

    def by(self, method: str) -> Self:
        """Return this fit: a scikit-learn classifier learns in one way.

        Raises:
            SSLError: a method other than "supervised".
        """
        if method not in self.methods:
            raise unknown("method", method, self.methods)
        return self

    def toward(self, prior: Tensor) -> Self:
        """Return this fit: it sees no unlabeled rows."""
        del prior
        return self

    def standardized(self) -> Self:
        """Return this fit: whoever wants a classifier to standardize gives it a pipeline."""
        return self

    def noised(self) -> Self:
        """Return this fit: noise is for networks."""
        return self

    def views(self) -> tuple[Self, Self]:
        """Return this fit on either source, or on either half of the columns."""
        one, other = copy(self), copy(self)
        if self.second is not None:
            other.embeddings = self.second
        else:
            one.columns, other.columns = slice(0, None, 2), slice(1, None, 2)
        return one, other


class SklearnPredictor:
    """A fitted scikit-learn classifier over the rows of its embeddings."""

    model = None

    def __init__(
        self,
        classifier: Any,
        embeddings: Embeddings,
        num_classes: int,
        columns: slice = slice(None),
    ) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes
        self.columns = columns

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return (n, C) float32 for rows (n,) int64; a class that had no label gets 0."""
        found = torch.zeros(len(rows), self.num_classes)
        if len(rows):
            known = self.classifier.predict_proba(self.embeddings[rows.numpy(), self.columns])
            found[:, torch.from_numpy(self.classifier.classes_)] = torch.from_numpy(known).float()
        return found

    def embed(self, rows: Tensor) -> Tensor:
        """Return the embeddings (n, D) float32 of rows (n,) int64."""
        return torch.from_numpy(self.embeddings[rows.numpy(), self.columns]).float()

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the fitted classifier."""
        return digest(pickle.dumps(self.classifier))
