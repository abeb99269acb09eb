"""A recipe's fit by the neural trainer."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy, deepcopy
from itertools import count
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from ssl_core.data.sources import Data
from ssl_core.data.standard import Standardized
from ssl_core.errors import unknown
from ssl_core.fingerprint import digest
from ssl_core.fits.altered import Dropped, Half, Noisy
from ssl_core.fits.stochastic_depth import skipping
from ssl_core.methods import METHODS
from ssl_core.recipe import Embed, Kept
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Classifier, Run


class NeuralFit:
    """Fits a fresh copy of `model` by `method` on the given rows, beside the rest of `pool`.

    With a folder `checkpoint`, each fit keeps its own file, named by its place in the recipe and
    a digest of its rows, labels and prior. A recipe that was killed and is run again passes quickly
    through the fits that were done and resumes the one that was cut.

    Args:
        data: The rows.
        model: Where every fit starts; it is never changed.
        pool: (N,) bool: rows that may serve as unlabeled; all by default.
        groups: (N,) int64: rows of one number belong together; by default no two do.
        method: A name in METHODS.
        options: Hyper-parameters of the method.
        second: Another source of the same rows, and a network for it: the second view of recipes
            that need two. By default each view is every second column of `data`.
        checkpoint: Folder for checkpoints.
        kept: Where what depends on the features alone lies from run to run, such as a graph.
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
        groups: Tensor | None = None,
        method: str = "supervised",
        options: Mapping[str, Any] | None = None,
        second: tuple[Data, Classifier] | None = None,
        checkpoint: Path | None = None,
        kept: Kept | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.data, self.model, self.method, self.options = data, model, method, options
        self.pool = torch.ones(len(data), dtype=torch.bool) if pool is None else pool
        self.groups, self.second, self.checkpoint = groups, second, checkpoint
        self.kept, self.seed, self.settings = kept, seed, settings
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
            prior = self.settings.get("prior")
            told = (rows, labels) if prior is None else (rows, labels, prior)
            file = self.checkpoint / f"{number:03d}-{digest(*told)}.pt"
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

    def toward(self, prior: Tensor) -> Self:
        """Return this fit with guesses aligned to these shares of the classes, (C,)."""
        return self._with(settings=self.settings | {"prior": prior})

    def standardized(self) -> Self:
        """Return this fit on features that each have mean 0 and deviation 1 over the pool.

        Images stay as they are.
        """
        if self.data.kind == "images":
            return self
        return self._with(data=Standardized(self.data, self.pool.nonzero().squeeze(1)))

    def noised(self) -> Self:
        """Return this fit with strong views of the labeled rows and noise in the network.

        That is dropout, if it has none of its own, and stochastic depth, if it has blocks to skip.
        """
        has_dropout = any(isinstance(part, nn.Dropout) for part in self.model.modules())
        model = self.model if has_dropout else Dropped(self.model)
        return self._with(data=Noisy(self.data), model=skipping(model))

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
