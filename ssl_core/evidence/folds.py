"""Out-of-fold answers: each labeled row is judged by learners that have not seen its label."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from ssl_core.types import Epoch, Predictor, relayed

FOLDS = 5
TINY = 1e-6  # the least probability that is counted: no single row decides

# Labels (n,) int64 of all rows, -1 where unlabeled -> a generator whose value is a predictor
Learn: TypeAlias = Callable[[Tensor], Generator[Any, None, Predictor]]


def folds(y: Tensor, k: int = FOLDS) -> Tensor:
    """Return the fold (n,) int64, 0 to k - 1, of labeled rows `y` (n,) int64.

    Each class is dealt out as evenly as may be, in an order that depends on nothing but `y`.
    """
    order = torch.from_numpy(np.random.default_rng(0).permutation(len(y)))
    order = order[y[order].argsort(stable=True)]
    found = torch.empty(len(y), dtype=torch.int64)
    found[order] = torch.arange(len(y)) % k
    return found


def asked(y: Tensor) -> Tensor:
    """Return which rows (m,) int64 of labels `y` (n,), -1 where unlabeled, can be asked about.

    Those whose class has another label: kept from a learner, the only label of its class would be
    unknowable, and tell how it guesses rather than what it knows. Where no class has two, all are.
    """
    known = (y >= 0).nonzero().squeeze(1)
    several = known[torch.bincount(y[known])[y[known]] > 1]
    return several if len(several) else known


def out_of_fold(
    rows: Tensor, y: Tensor, num_classes: int, learn: Learn
) -> Generator[Any, None, Tensor]:
    """Learn FOLDS times, each time without a fold; return what is said of the rows left out.

    Args:
        rows: (n,) int64, labeled or not.
        y: their classes (n,) int64, -1 where unlabeled.
        num_classes: C.
        learn: from labels like `y`.

    Returns:
        A generator of the learners' events, with their epochs marked as `apart`; its value is
        probabilities (m, C) float32 of the rows that are `asked` about, in their order. Where
        nothing is left to learn from, all classes are alike.
    """
    known = asked(y)
    fold = folds(y[known])
    found = torch.full((len(known), num_classes), 1 / num_classes)
    for number in fold.unique():
        out = fold == number
        if len(known) == int((y >= 0).sum()) and out.all():
            break
        model = yield from relayed(learn(y.index_fill(0, known[out], -1)), _apart)
        found[out] = model.probabilities(rows[known[out]])
    return found


def _apart(event: Any) -> Any:
    return replace(event, apart=True) if isinstance(event, Epoch) else event


def at_once(make: Callable[[Tensor], Predictor]) -> Learn:
    """A learner of one step as one that reports while it learns, with nothing to report."""

    def learn(y: Tensor) -> Generator[Any, None, Predictor]:
        return make(y)
        yield

    return learn


def surprise(probabilities: Tensor, y: Tensor, least: float = TINY) -> Tensor:
    """Return -log p (n,), in nats, of each row's class `y` (n,) by probabilities (n, C)."""
    return -probabilities.gather(1, y[:, None]).squeeze(1).clamp_min(least).log()


def log_loss(probabilities: Tensor, y: Tensor) -> float:
    """Return the mean surprise, in nats, of probabilities (n, C) for classes `y` (n,)."""
    return float(surprise(probabilities, y).mean())
