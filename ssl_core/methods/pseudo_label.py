"""Pseudo-labeling (Lee, 2013): what the model is sure of becomes its own label."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.functional import linear_ramp, masked_loss, together
from ssl_core.method import Method
from ssl_core.types import Batch, Classifier, Losses, Task


class PseudoLabeling(Method):
    """Trains on its own confident predictions as if they were labels.

    Args:
        threshold: Confidence from which a prediction counts as a label, 0 to 1.
        weight: Weight of the unlabeled images once the ramp is over.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
    """

    views = ("weak",)

    def __init__(
        self, task: Task, *, threshold: float = 0.9, weight: float = 1.0, ramp: float = 0.5
    ) -> None:
        super().__init__(task)
        self.threshold = within("threshold", threshold, 0, 1)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak = together(student, batch.x, batch.u["weak"])
        confidence, label = weak.detach().softmax(1).max(1)
        mask = (confidence >= self.threshold).float()
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(weak, label, mask),
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=mask.mean(),
        )
