"""Label spreading (Zhou et al., 2004): labels diffuse along the graph of alike images."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated

from torch import Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.parts.graph import joining
from ssl_core.parts.graph.spreading import Spread
from ssl_core.recipe import Embed, Fit, Kept, Recipe, confident, sight
from ssl_core.types import Round, Run, Stopped, Working


class LabelSpreading(Recipe):
    """Passes labels on between images that look alike."""

    k: Annotated[int, Between(2, 1000)] = 8
    """Neighbors of an image in the graph, itself included."""
    alpha: Annotated[float, Between(0.01, 0.99)] = 0.9
    """How much of an image's answer comes from its neighbors."""

    @override
    def ahead(
        self, rows: Tensor, embed: Embed, kept: Kept
    ) -> Generator[Working, None, object] | None:
        return joining.ahead(embed, rows, self.k, kept)

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        embed, network = yield from sight(rows, y, fit, "fixmatch")
        # Of what a network has learned in this run alone, nothing is met again
        kept = fit.kept if network is None else None
        model = Spread(
            embed, rows, y, fit.num_classes,
            k=self.k, alpha=self.alpha, model=network, kept=kept,
        )  # fmt: skip
        asked = rows[y < 0]
        reached = asked[model.reached(asked)]
        confidence, label = confident(model, reached)
        yield Round(1, reached, label, confidence)
        lost = len(asked) - len(reached)
        yield Stopped(f"the labels have spread; {lost} of {len(rows)} images were not reached")
        return model
