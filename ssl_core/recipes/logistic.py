"""Logistic regression: a linear boundary between classes, on features that are already there."""

from __future__ import annotations

from typing import Annotated

from torch import Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.parts.linear import Linear
from ssl_core.recipe import Fit, Recipe, sight
from ssl_core.types import Run, Stopped


class Logistic(Recipe):
    """Draws a linear boundary between the labeled images of each class; it is hard to beat."""

    strength: Annotated[float, Between(1e-6, 1e6)] = 0.1
    """How closely it follows the labels: the C of scikit-learn."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        embed, network = yield from sight(rows, y, fit, "supervised")
        model = Linear(embed, rows, y, fit.num_classes, strength=self.strength, model=network)
        yield Stopped("the boundary fits the labels best")
        return model
