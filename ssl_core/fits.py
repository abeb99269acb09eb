"""What a recipe's fit can be: the neural trainer, or any scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import clone
from torch import Tensor

from ssl_core.checkpoint import digest
from ssl_core.data import Data
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
        checkpoint: Folder for checkpoints.
        seed: Of the first fit; each further one counts up.
        settings: Further arguments of SemiSupervisedTrainer.
    """

    def __init__(
        self,
        data: Data,
        model: Classifier,
        *,
        pool: Tensor | None = None,
        method: str = "supervised",
        options: Mapping[str, Any] | None = None,
        checkpoint: Path | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.data, self.model, self.method, self.options = data, model, method, options
        self.pool = torch.ones(len(data), dtype=torch.bool) if pool is None else pool
        self.checkpoint, self.seed, self.settings = checkpoint, seed, settings
        self.fits = 0

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        number, self.fits = self.fits, self.fits + 1
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


class SklearnFit:
    """Fits a clone of any scikit-learn `classifier` to embeddings (N, D); it yields no epochs."""

    def __init__(self, classifier: Any, embeddings: NDArray[np.floating], num_classes: int) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes

    def __call__(self, rows: Tensor, labels: Tensor) -> Run:
        fitted = clone(self.classifier).fit(self.embeddings[rows.numpy()], labels.numpy())
        return SklearnPredictor(fitted, self.embeddings, self.num_classes)
        yield  # a generator like every fit, though it has nothing to report


class SklearnPredictor:
    """A fitted scikit-learn classifier over the rows of its embeddings."""

    def __init__(self, classifier: Any, embeddings: NDArray[np.floating], num_classes: int) -> None:
        self.classifier, self.embeddings, self.num_classes = classifier, embeddings, num_classes

    def __call__(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32; a class that was not among the labels gets 0."""
        probabilities = torch.zeros(len(rows), self.num_classes)
        if len(rows):
            known = self.classifier.predict_proba(self.embeddings[rows.numpy()])
            probabilities[:, torch.from_numpy(self.classifier.classes_)] = torch.from_numpy(
                known
            ).float()
        return probabilities
