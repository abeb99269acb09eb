"""Ensemble: unlike learners on the same labels, and two of them again on what all agree about."""

from __future__ import annotations

from typing import Annotated

import torch
from torch import Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.parts.committee import Committee, mean
from ssl_core.parts.spreading import Spread
from ssl_core.recipe import Fit, Recipe, balanced, confident
from ssl_core.types import Predictor, Round, Run, Stopped

# The first one learns twice. Fewer where every one trains a whole network, on images
ON_FEATURES = ("adamatch", "uda", "remixmatch")
ON_IMAGES = ("adamatch", "remixmatch")
FALLBACK = "supervised"  # for a fit that knows none of them


class Ensemble(Recipe):
    """Averages unlike learners, and those that learn once more from what they agree about.

    Networks that share their features are alike, and half of the answer; a graph is the other half.
    """

    threshold: Annotated[float, Between(0, 1)] = 0.6
    """Mean confidence from which an answer is learned from."""
    k: Annotated[int, Between(2, 1000)] = 8
    """Neighbors of an image in the graph, itself included."""
    alpha: Annotated[float, Between(0.01, 0.99)] = 0.9
    """How much of an image's answer on the graph comes from its neighbors."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        learners = ON_FEATURES if fit.embed else ON_IMAGES
        names = [name for name in learners if name in fit.methods] or [FALLBACK]
        first = yield from self._taught(rows, y, fit, names)
        open_rows = y < 0
        confidence, label = confident(first, rows[open_rows])
        sure = confidence >= self.threshold
        yield Round(1, rows[open_rows][sure], label[sure], confidence[sure])
        agreed = y.clone()
        agreed[open_rows] = torch.where(sure, label, -1)
        second = yield from self._taught(rows, agreed, fit, names[:1])
        yield Stopped(f"{len(names) + 1} learners have learned, two of them twice")
        return Committee((second, first), mean)

    def _taught(self, rows: Tensor, y: Tensor, fit: Fit, names: list[str]) -> Run:
        """Train by each method, and spread the labels over the graph; return what all say."""
        known = y >= 0
        members: list[Predictor] = []
        for name in names:
            member = yield from fit.by(name)(*balanced(rows[known], y[known]))
            members.append(member)
        embed = fit.embed or members[0].embed
        graph = Spread(embed, rows, y, fit.num_classes, k=self.k, alpha=self.alpha)
        if fit.embed is None:  # what the graph sees is a network's: one member among the others
            return Committee((*members, graph), mean)
        return Committee((Committee(members, mean), graph), mean)
