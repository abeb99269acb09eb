"""Entropy minimization (Grandvalet & Bengio, 2005): borders belong where there are no images."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.losses import entropy, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class EntropyMinimization(Ramp, Method):
    """Makes every prediction on unlabeled images more decided than it is."""

    views = ("weak",)

    weight: Weight = 0.06
    ramp: RampLength = 0.0

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak = together(student, batch.x, batch.u["weak"])
        return Losses(
            F.cross_entropy(logits, batch.y),
            entropy(weak),
            weight=self.risen(progress),
            used=1.0,
        )
