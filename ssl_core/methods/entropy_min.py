"""Entropy minimization (Grandvalet & Bengio, 2005): borders belong where there are no images."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.losses import entropy, together
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class EntropyMinimization(Method):
    """Makes every prediction on unlabeled images more decided than it is.

    Args:
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
    """

    views = ("weak",)

    def __init__(self, task: Task, *, weight: float = 0.06, ramp: float = 0.0) -> None:
        super().__init__(task)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak = together(student, batch.x, batch.u["weak"])
        return Losses(
            F.cross_entropy(logits, batch.y),
            entropy(weak),
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=1.0,
        )
