"""Label spreading (Zhou et al., 2004): labels diffuse along the graph of alike images."""

from __future__ import annotations

from torch import Tensor
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.parts.spreading import Spread
from ssl_core.recipe import Fit, Recipe, balanced, confident
from ssl_core.types import Round, Run, Stopped


class LabelSpreading(Recipe):
    """Passes labels on between images that look alike.

    Args:
        k: Neighbors of an image in the graph, itself included.
        alpha: How much of an image's answer comes from its neighbors, 0.01 to 0.99.
    """

    def __init__(self, *, k: int = 8, alpha: float = 0.9) -> None:
        self.k = int(within("k", k, 2, 1000))
        self.alpha = within("alpha", alpha, 0.01, 0.99)

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        embed, network, known = fit.embed, None, y >= 0
        if embed is None:  # images: a network learns to see them first
            seer = yield from fit.by("fixmatch")(*balanced(rows[known], y[known]))
            embed, network = seer.embed, seer.model
        model = Spread(embed, rows, y, fit.num_classes, k=self.k, alpha=self.alpha, model=network)
        asked = rows[~known]
        reached = asked[model.reached(asked)]
        confidence, label = confident(model, reached)
        yield Round(1, reached, label, confidence)
        lost = len(asked) - len(reached)
        yield Stopped(f"the labels have spread; {lost} of {len(rows)} images were not reached")
        return model
