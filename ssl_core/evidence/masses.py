"""Class masses: how much of the pool each class has, and answers that are as frequent as that."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from typing_extensions import override

from ssl_core.evidence.altered import Altered

LEAST = 0.2  # of an even share: what a class with labels has of the pool at least
UNSEEN = 0.01  # what classes without labels have of the pool, all together at most
PASSES = 50
TINY = 1e-6  # a class with less than this on the mean is nobody's guess, and is left alone
STEP = 2.0  # most that a class is scaled in one pass, up or down


def class_shares(pool: Tensor, kept: Tensor, y: Tensor, labels: Tensor) -> Tensor:
    """Return the share of each class (C,) in the pool, as far as labels can tell.

    Labels are not as the pool is mixed: they are drawn evenly, or asked where a model is unsure. So
    all classes that have labels are alike at first. A learner finds a class more often in the pool
    than it would if they were, by what it said of labels that were kept from it: by so much its
    share is larger (Saerens et al., 2002, for the question). Of a difference that chance explains,
    little is believed (James & Stein, 1961). A class without labels has next to nothing.

    Args:
        pool: what a learner says of the pool, (N, C).
        kept: what it said of labeled rows that it had not learned from, (n, C).
        y: their classes (n,) int64.
        labels: all labels there are, (l,) int64. Of a class that is among them and not in `y`,
            it is taken that the learner would know it.
    """
    classes = pool.shape[1]
    of_pool = torch.bincount(pool.argmax(1), minlength=classes).double() / len(pool)
    of_kept = F.one_hot(kept.argmax(1), classes).double()
    there = torch.bincount(labels, minlength=classes) > 0
    alike = there / there.double().sum()
    unasked = there & (torch.bincount(y, minlength=classes) == 0)
    expected, chance = torch.where(unasked, alike, 0.0), 0.0
    for label in y.unique():
        said, share = of_kept[y == label], float(alike[label])
        expected += share * said.mean(0)
        rate = (said.sum(0) + of_kept.mean(0)) / (len(said) + 1)  # none is certain
        chance += share**2 * float((rate * (1 - rate)).sum()) / len(said)
    away = of_pool - expected
    believed = max(0.0, 1 - chance / max(float(away.square().sum()), 1e-12))
    found = torch.maximum(alike + believed * away, LEAST * alike)
    found = torch.where(there, found, UNSEEN / classes)
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


class Scaled(Altered):
    """A predictor whose classes are scaled by factors (C,)."""

    given: Tensor

    @override
    def altered(self, probabilities: Tensor) -> Tensor:
        return scaled(probabilities, self.given)
