"""Whose answers stand: where labels do not show that a model knows more, those of the plain one."""

from __future__ import annotations

import torch
from torch import Tensor

from ssl_core.evidence.folds import witnesses
from ssl_core.evidence.paired import lead

CLEAR = 3.0  # standard errors of log loss by which a model must lead, on labels kept from both
# Labels a class from which that is asked: what fewer say is mostly chance, and a line between
# classes knows least where labels are fewest
ENOUGH = 15
# Share of the pool on which both differ, above which it is not asked: there is much that the line
# cannot know, as where the classes of a script take many shapes
WIDE = 0.08
AHEAD = 1 + 1e-5  # how far the larger share is above what may be as large, also once calibrated


def leads(
    said: Tensor, plain: Tensor, y: Tensor, differing: float, groups: Tensor | None = None
) -> bool:
    """Whether a model is clearly ahead of the plain one, or stands without being asked.

    Args:
        said: probabilities (n, C) of rows that it had not learned from.
        plain: those of the plain one, likewise.
        y: classes of these rows (n,) int64.
        differing: the share of the pool of which both say different classes.
        groups: (n,) int64; rows of one number belong together and count as one.
    """
    if witnesses(y, groups) < ENOUGH * said.shape[1] or differing > WIDE:
        return True
    ahead, error = lead(said, plain, y, groups)
    return ahead > CLEAR * error


def deferring(said: Tensor, plain: Tensor) -> Tensor:
    """Return the answers (N, C) of a model that leaves the class to the plain one.

    Where both say the same class, the model says how sure that is. Where they differ, the answer is
    the mean of both, with the largest share for the class that the plain one says, by 1e-5 of it
    where two are as large: nobody can be sure of what two models dispute, and no share is above
    3/4 by more than that.

    Args:
        said: probabilities of the model, (N, C).
        plain: those of the plain one, likewise.
    """
    theirs = plain.argmax(1, keepdim=True)
    mean = (said + plain) / 2
    most, first = mean.max(1, keepdim=True)
    swapped = mean.scatter(1, first, mean.gather(1, theirs)).scatter(1, theirs, most * AHEAD)
    swapped /= swapped.sum(1, keepdim=True)
    return torch.where(said.argmax(1, keepdim=True) == theirs, said, swapped)
