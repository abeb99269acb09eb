"""Ensemble: unlike learners on the same labels, and the mean of what they say."""

from __future__ import annotations

from torch import Tensor
from typing_extensions import override

from ssl_core.committee import Committee, mean
from ssl_core.errors import within
from ssl_core.recipe import Fit, Recipe, balanced, confident
from ssl_core.spreading import Spread
from ssl_core.types import Predictor, Round, Run, Stopped

LEARNERS = ("fixmatch", "mean_teacher", "supervised")  # the first one's network is the one kept


class Ensemble(Recipe):
    """Averages networks trained by several methods and labels spread over a graph.

    Args:
        k: Neighbors of an image in the graph, itself included.
        alpha: How much of an image's answer on the graph comes from its neighbors, 0.01 to 0.99.
    """

    def __init__(self, *, k: int = 8, alpha: float = 0.2) -> None:
        self.k = int(within("k", k, 2, 1000))
        self.alpha = within("alpha", alpha, 0.01, 0.99)

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        known = y >= 0
        members: list[Predictor] = []
        for name in LEARNERS:
            if name in fit.methods:
                member = yield from fit.by(name)(*balanced(rows[known], y[known]))
                members.append(member)
        embed = fit.embed or members[0].embed
        members.append(Spread(embed, rows, y, fit.num_classes, k=self.k, alpha=self.alpha))
        model = Committee(members, mean)
        confidence, label = confident(model, rows[~known])
        yield Round(1, rows[~known], label, confidence)
        yield Stopped(f"all {len(members)} members are trained")
        return model
