"""Two models asked about the same rows: how far one is ahead, and how much of that is chance."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ssl_core.evidence.folds import surprise
from ssl_core.evidence.weighing import importance, temperature, tempered


def lead(
    one: Tensor, other: Tensor, y: Tensor, groups: Tensor | None = None
) -> tuple[float, float]:
    """Return by how much `one` is ahead in mean log loss, and the standard error of that (nats).

    Both are probabilities (n, C) of rows that they had not learned from and whose classes are `y`
    (n,) int64. Every class weighs the same. Each side answers at the temperature that suits it, for
    which of them is surer says little of which knows more. The error is that of models that are
    equally good: what one has gained on a row, the other could as well have. Rows of one number in
    `groups` (n,) int64 are won or lost together.
    """
    weights = importance(y, torch.full((one.shape[1],), 1 / one.shape[1]))
    cool = (tempered(each, temperature(each, y, weights)) for each in (one, other))
    by_one, by_other = (surprise(each, y) for each in cool)
    gain = weights * (by_other - by_one) / len(y)
    if groups is not None:
        _, group = groups.unique(return_inverse=True)
        gain = torch.zeros(int(group.max()) + 1).index_add_(0, group, gain)
    return float(gain.sum()), math.sqrt(float(gain.square().sum()))
