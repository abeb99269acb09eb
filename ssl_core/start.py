"""Training by name: a method or a recipe, whichever the name is of, as one run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ssl_core.data.sources import Data
from ssl_core.errors import SSLError, no_label, unknown
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import Embeddings, SklearnFit
from ssl_core.methods import METHODS
from ssl_core.recipe import Kept
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Classifier, Run


def start(
    name: str,
    data: Data,
    y: Tensor,
    model: Classifier,
    *,
    pool: Tensor | None = None,
    groups: Tensor | None = None,
    options: Mapping[str, Any] | None = None,
    checkpoint: Path | None = None,
    kept: Kept | None = None,
    **settings: Any,
) -> Run:
    """Train `model` on the labeled rows of `data` beside the unlabeled ones; iterate over the run.

    A method trains the model itself (SemiSupervisedTrainer). A recipe trains copies of it, by
    plain supervision unless it asks for a method (NeuralFit), and the model stays as it is.

    Args:
        name: In METHODS or RECIPES.
        data: N rows.
        y: (N,) int64 classes, -1 where unlabeled.
        model: The network; load weights into it first for a warm start.
        pool: (N,) bool: rows that may be seen, labeled or not; all by default.
        groups: (N,) int64: rows of one number belong together, such as a patient's images. Labels
            that a recipe keeps from its learners, to ask them about, are then of other groups than
            those it learns from; a method keeps none.
        options: Hyper-parameters of the method or recipe, by name.
        checkpoint: Where to resume from and save to, without an ending: `ssl` stands for the file
            `ssl.part.pt` of a method and the folder `ssl-fits` of a recipe.
        kept: Where a recipe keeps what depends on the features alone from run to run.
        settings: Further arguments of SemiSupervisedTrainer: steps, device, seed, …

    Returns:
        A generator of events; its value is a predictor for all N rows.

    Raises:
        SSLError: no such name (the message lists them), no such option, a value out of its range,
            groups of other rows, or no label; some of it only when the run is begun.
    """
    known(name)
    _paired(y, groups)
    if name in RECIPES:
        fits = checkpoint and checkpoint.with_name(f"{checkpoint.name}-fits")
        fit = NeuralFit(
            data, model, pool=pool, groups=groups, checkpoint=fits, kept=kept, **settings
        )
        return _recipe(name, y, fit, pool, options)
    file = checkpoint and checkpoint.with_name(f"{checkpoint.name}.part.pt")
    trainer = SemiSupervisedTrainer(model, name, options=options, checkpoint=file, **settings)
    return trainer.run(data, y, pool)


def start_sklearn(
    name: str,
    embeddings: Embeddings,
    y: Tensor,
    classifier: Any,
    num_classes: int,
    *,
    pool: Tensor | None = None,
    groups: Tensor | None = None,
    options: Mapping[str, Any] | None = None,
) -> Run:
    """Train clones of any scikit-learn `classifier` by a recipe; iterate over the run.

    Args:
        name: In RECIPES: a method trains a network.
        embeddings: (N, D) features.
        y: (N,) int64 classes, -1 where unlabeled.
        classifier: It needs `fit` and `predict_proba`, and is never fitted itself.
        num_classes: C, columns of every prediction.
        pool: (N,) bool: rows that may be seen, labeled or not; all by default.
        groups: (N,) int64, as for `start`.
        options: Hyper-parameters of the recipe, by name.

    Returns:
        A generator of events; its value is a predictor for all N rows.

    Raises:
        SSLError: no such name, a method's name, no such option, a value out of its range, groups
            of other rows, or no label.
    """
    known(name)
    if name in METHODS:
        raise SSLError(
            f"Method '{name}' trains a network, so an estimator has no place. "
            f"Leave it out, or choose one of: {', '.join(RECIPES)}."
        )
    _paired(y, groups)
    fit = SklearnFit(classifier, embeddings, num_classes, groups=groups)
    return _recipe(name, y, fit, pool, options)


def known(name: str) -> None:
    """Check that `name` is a method's or a recipe's.

    Raises:
        SSLError: it is neither; the message lists all of them.
    """
    if name not in METHODS and name not in RECIPES:
        raise unknown("method", name, [*METHODS, *RECIPES])


def _paired(y: Tensor, groups: Tensor | None) -> None:
    if groups is not None and groups.shape != y.shape:
        raise SSLError(
            f"groups has the shape {tuple(groups.shape)} and y {tuple(y.shape)}: give a group for "
            "each row, a number of its own to one that belongs to no other."
        )


def _recipe(
    name: str,
    y: Tensor,
    fit: NeuralFit | SklearnFit,
    pool: Tensor | None,
    options: Mapping[str, Any] | None,
) -> Run:
    rows = torch.arange(len(y)) if pool is None else pool.nonzero().squeeze(1)
    if not (y[rows] >= 0).any():
        raise no_label()
    return build_recipe(name, **(options or {})).run(rows, y[rows], fit)
