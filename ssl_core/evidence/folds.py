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


def folds(y: Tensor, k: int = FOLDS, groups: Tensor | None = None) -> Tensor:
    """Return the fold (n,) int64, 0 to k - 1, of labeled rows `y` (n,) int64.

    Each class is dealt out as evenly as may be, in an order that depends on nothing but what is
    given. Rows of one number in `groups` (n,) int64 are in one fold, so that nobody is asked about
    a patient, say, of whom it has learned; where each has a number of its own nothing changes.
    """
    if groups is not None and len(groups.unique()) < len(y):
        return _whole(y, k, groups)
    order = torch.from_numpy(np.random.default_rng(0).permutation(len(y)))
    order = order[y[order].argsort(stable=True)]
    found = torch.empty(len(y), dtype=torch.int64)
    found[order] = torch.arange(len(y)) % k
    return found


def _whole(y: Tensor, k: int, groups: Tensor) -> Tensor:
    """Deal out whole groups, the largest first, each to the fold that has least of its classes.

    A fold that has a class alone gets no more of it if that can be: kept from a learner, it would
    leave none to know the class by.
    """
    (kinds, label), (names, group) = (each.unique(return_inverse=True) for each in (y, groups))
    cells = torch.bincount(group * len(kinds) + label, minlength=len(names) * len(kinds))
    counts = cells.reshape(len(names), len(kinds)).numpy()
    part = counts / counts.sum(0)  # what each group has of each class
    filled, size = np.zeros((k, len(kinds))), np.zeros(k)
    found = np.zeros(len(names), np.int64)
    order = np.random.default_rng(0).permutation(len(names))
    for each in order[np.argsort(-counts.sum(1)[order], kind="stable")]:
        lone = (filled > 0) & ((filled > 0).sum(0) == 1)
        alone = (lone & (part[each] > 0)).sum(1)
        alike = (filled @ part[each]).round(12)  # equal sums must not differ by a last bit
        fold = np.lexsort((size, alike, alone))[0]
        found[each] = fold
        filled[fold] += part[each]
        size[fold] += counts[each].sum()
    return torch.from_numpy(found)[group]


def asked(y: Tensor, groups: Tensor | None = None) -> Tensor:
    """Return which rows (m,) int64 of labels `y` (n,), -1 where unlabeled, can be asked about.

    Those whose class has another label, of another group where there are `groups` (n,): kept from
    a learner, the only label of its class would be unknowable, and tell how it guesses rather than
    what it knows. Where no class has two, all are.
    """
    known = (y >= 0).nonzero().squeeze(1)
    label = y[known]
    if groups is not None:  # a group counts once for each of its classes
        label = torch.stack([label, groups[known]], 1).unique(dim=0)[:, 0]
    several = known[torch.bincount(label)[y[known]] > 1]
    return several if len(several) else known


def witnesses(rows: Tensor, groups: Tensor | None = None) -> int:
    """Return how many of rows (n, ...) stand alone: those of a number in `groups` (n,) are one."""
    return len(rows) if groups is None else len(groups.unique())


def parted(y: Tensor, groups: Tensor | None = None) -> bool:
    """Whether labels `y` (n,) can be kept from a learner that has others left, of another group."""
    known = y >= 0
    return witnesses(y[known], None if groups is None else groups[known]) > 1


def out_of_fold(
    rows: Tensor, y: Tensor, num_classes: int, learn: Learn, groups: Tensor | None = None
) -> Generator[Any, None, Tensor]:
    """Learn FOLDS times, each time without a fold; return what is said of the rows left out.

    Args:
        rows: (n,) int64, labeled or not.
        y: their classes (n,) int64, -1 where unlabeled.
        num_classes: C.
        learn: from labels like `y`.
        groups: (n,) int64; rows of one number are left out together.

    Returns:
        A generator of the learners' events, with their epochs marked as `apart`; its value is
        probabilities (m, C) float32 of the rows that are `asked` about, in their order. Where
        nothing is left to learn from, all classes are alike.
    """
    known = asked(y, groups)
    fold = folds(y[known], groups=None if groups is None else groups[known])
    found = torch.full((len(known), num_classes), 1 / num_classes)
    for number in fold.unique():
        out = fold == number
        hidden = known[out]
        if groups is not None:  # also those of a group that are not asked about
            hidden = torch.isin(groups, groups[hidden]).nonzero().squeeze(1)
        left = y.index_fill(0, hidden, -1)
        if not (left >= 0).any():
            continue
        model = yield from relayed(learn(left), _apart)
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
