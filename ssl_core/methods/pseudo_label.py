"""Pseudo-labeling (Lee, 2013): what the model is sure of becomes its own label."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.alignment import Align
from ssl_core.parts.guesses import Guesses, Threshold
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class PseudoLabeling(Ramp, Method):
    """Trains on its own confident predictions as if they were labels."""

    views = ("weak",)

    threshold: Threshold = 0.9
    weight: Weight = 1.0
    ramp: RampLength = 0.5
    align: Align = False

    @override
    def prepare(self) -> None:
        self.guesses = Guesses(self.task, self.threshold, self.align)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak = together(student, batch.x, batch.u["weak"])
        _, label, mask = self.guesses(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(weak, label, mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )
