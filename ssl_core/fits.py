"""What a recipe's fit can be: the neural trainer, or any scikit-learn classifier."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from copy import copy, deepcopy
from itertools import count
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter
from torch import Tensor, nn

from ssl_core.checkpoint import digest
from ssl_core.data import Data
from ssl_core.errors import unknown
from ssl_core.methods import METHODS
from ssl_core.recipe import Embed
from ssl_core.seen import Dropped, Half, Noisy
from ssl_core.trainer import SemiSupervisedTrainer
from ssl_core.types import Classifier, Run


class NeuralFit:
    """Fits a fresh copy of `model` by `method` on the given rows, beside the rest of `pool`.

    With a folder `checkpoint`, each fit keeps its own file, named by its place in the recipe and
    a digest of its rows and labels. A recipe that was killed and is run again passes quickly
    through the fits that were done and resumes the one that was cut.

    Args:
        data: The rows.
        model: Where every fit starts; it is never changed.
        pool: (N,) bool: rows that may serve as unlabelled; all by default.
        method: A name in METHODS.
        options: Hyper-parameters of the method.
        second: Another source of the same rows, and a network for it: the second view of recipes
            that need two. By default each view is every second column of `data`.
        checkpoint: Folder for checkpoints.
        seed: Of the first fit; each further one counts up.
        settings: Further arguments of SemiSupervisedTrainer.
    """

    methods = METHODS

    def __init__(
        self,
        data: Data,
        model: Classifier,
        *,
        pool: Tensor | None = None,
        method: str = "supervised",
        options: Mapping[str, Any] | None = None,
        second: tuple[Data, Classifier] | None = None,
        checkpoint: Path | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.data, self.model, self.method, self.options = data, model, method, options
        self.pool = torch.ones(len(data), dtype=torch.bool) if pool is None else pool
        self.second, self.checkpoint = second, checkpoint
        self.seed, self.settings = seed, settings
        self.num_classes = model.num_classes
        self.numbers = count()  # shared with `by`, `noised` and `views`: one recipe, one sequence

    @property
    def embed(self) -> Embed | None:
        """The features as given; None for images, which a network must learn to see."""
        return self.data.clean if self.data.kind == "features" else None

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        number = next(self.numbers)
        file = None
        if self.checkpoint is not None:
            file = self.checkpoint / f"{number:03d}-{digest(rows, labels)}.pt"
        trainer = SemiSupervisedTrainer(
            deepcopy(self.model), self.method, options=self.options, checkpoint=file,
            seed=self.seed + number, **self.settings,
        )  # fmt: skip
        rest = self.pool.clone()
        rest[rows] = False
        return (yield from trainer.fit(self.data, rows, labels, rest.nonzero().squeeze(1)))

    def by(self, method: str) -> Self:
        """Return this fit by another method in METHODS, with that method's own defaults.

        Raises:
            SSLError: no such method; the message lists them.
        """
        if method not in METHODS:
            raise unknown("method", method, METHODS)
        return self._with(method=method, options=None)

    def noised(self) -> Self:
        """Return this fit with strong views of the labelled rows, and dropout if it has none."""
        has_dropout = any(isinstance(part, nn.Dropout) for part in self.model.modules())
        model = self.model if has_dropout else Dropped(self.model)
        return self._with(data=Noisy(self.data), model=model)

    def views(self) -> tuple[Self, Self]:
        """Return this fit on either source, or on either half of the columns."""
        if self.second is None:
            return self._with(data=Half(self.data, 0)), self._with(data=Half(self.data, 1))
        data, model = self.second
        return self, self._with(data=data, model=model)

    def _with(self, **changes: Any) -> Self:
        other = copy(self)
        vars(other).update(changes)
        return other


class SklearnFit:
    """Fits a clone of any scikit-learn `classifier` to embeddings (N, D); it yields no epochs.

    It has one method, no noise of its own, and two halves of the columns as views. `second` is
    another source of the same rows, (N, E), to be the second view instead.
    """

    methods = ("supervised",)

    def __init__(
        self,
        classifier: Any,
        embeddings: NDArray[np.floating],
        num_classes: int,
        *,
        second: NDArray[np.floating] | None = None,
        columns: slice = slice(None),
    ) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes
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
        embeddings: NDArray[np.floating],
        num_classes: int,
        columns: slice = slice(None),
    ) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes
        self.columns = columns

    def __call__(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32; a class that was not among the labels gets 0."""
        probabilities = torch.zeros(len(rows), self.num_classes)
        if len(rows):
            known = self.classifier.predict_proba(self.embeddings[rows.numpy(), self.columns])
            probabilities[:, torch.from_numpy(self.classifier.classes_)] = torch.from_numpy(
                known
            ).float()
        return probabilities

    def embed(self, rows: Tensor) -> Tensor:
        """Return the embeddings (n, D) float32 of rows (n,) int64."""
        return torch.from_numpy(self.embeddings[rows.numpy(), self.columns]).float()

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the fitted classifier."""
        return digest(pickle.dumps(self.classifier))
