"""Self-training (Yarowsky, 1995): learn, label what you are sure of, repeat."""

from __future__ import annotations

from typing import Annotated

from torch import Tensor

from ssl_core.hyper import Between
from ssl_core.recipe import Fit, Recipe, confident
from ssl_core.types import Round, Run, Stopped


class SelfTraining(Recipe):
    """Learns, labels the images it is sure of, and learns again from all of them."""

    threshold: Annotated[float, Between(0, 1)] = 0.75
    """Confidence above which a prediction becomes a label."""
    max_iter: Annotated[int, Between(0, 1000)] = 10
    """Rounds of labeling at most."""

    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        y = y.clone()
        model = yield from fit(rows[y >= 0], y[y >= 0])
        for number in range(1, self.max_iter + 1):
            asked = (y < 0).nonzero().squeeze(1)
            if not len(asked):
                yield Stopped("every image is labeled")
                return model
            confidence, label = confident(model, rows[asked])
            sure = confidence > self.threshold
            new = asked[sure]
            if not len(new):
                yield Stopped(f"no image left with confidence above {self.threshold:g}")
                return model
            y[new] = label[sure]
            yield Round(number, rows[new], label[sure], confidence[sure])
            model = yield from fit(rows[y >= 0], y[y >= 0])
        yield Stopped(f"{self.max_iter} rounds of labeling are done (max_iter)")
        return model
