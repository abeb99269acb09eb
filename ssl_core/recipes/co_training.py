"""Co-training (Blum & Mitchell, 1998): two views of every image teach each other."""

from __future__ import annotations

from typing import Annotated

import torch
from torch import Generator, Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.parts.committee import Committee, product
from ssl_core.recipe import Fit, Recipe
from ssl_core.types import Round, Run, Stopped


class CoTraining(Recipe):
    """Trains a model on each of two views; each labels what it is surest of, for both."""

    pool: Annotated[int, Between(1, 1_000_000)] = 75
    """Images looked at in a turn, drawn at random and refilled."""
    k: Annotated[int, Between(1, 1000)] = 1
    """Images that each view labels in a turn, for each class."""
    max_iter: Annotated[int, Between(0, 1000)] = 10
    """Turns at most; each trains two models, and so does the end."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        y, views = y.clone(), fit.views()
        waiting = (y < 0).nonzero().squeeze(1)
        waiting = waiting[torch.randperm(len(waiting), generator=Generator().manual_seed(0))]
        pool, waiting = waiting[: self.pool], waiting[self.pool :]
        for number in range(1, self.max_iter + 2):
            known = y >= 0
            one = yield from views[0](rows[known], y[known])
            other = yield from views[1](rows[known], y[known])
            if not len(pool):
                yield Stopped("every image is labeled")
                break
            if number > self.max_iter:
                yield Stopped(f"{self.max_iter} turns are done (max_iter)")
                break
            label, sure = agreed(
                surest(one.probabilities(rows[pool]), self.k),
                surest(other.probabilities(rows[pool]), self.k),
            )
            taken = label >= 0
            if not taken.any():
                yield Stopped("the two views contradict each other on all they are sure of")
                break
            new, pool = pool[taken], pool[~taken]
            y[new] = label[taken]
            yield Round(number, rows[new], label[taken], sure[taken])
            room = self.pool - len(pool)
            pool, waiting = torch.cat([pool, waiting[:room]]), waiting[room:]
        return Committee((one, other), product)


def surest(probabilities: Tensor, k: int) -> Tensor:
    """Keep the k surest predictions of each class: (n, C) -> (n, C), 0 elsewhere."""
    kept = torch.zeros_like(probabilities)
    confidence, label = probabilities.max(1)
    for each in label.unique():
        members = (label == each).nonzero().squeeze(1)
        best = members[confidence[members].argsort(descending=True, stable=True)[:k]]
        kept[best, each] = confidence[best]
    return kept


def agreed(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Join what two views keep: labels (n,), -1 for none or two, and confidences (n,)."""
    confidence, label = torch.maximum(one, other).max(1)
    classes = ((one > 0) | (other > 0)).sum(1)
    return torch.where(classes == 1, label, -1), confidence
