"""Π-model (Laine & Aila, 2017): two views of one image, one answer."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.losses import together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class ConsistencyRegularization(Ramp, Method):
    """Two lightly changed copies of an image must get the same probabilities."""

    views = ("weak", "weak2")
    rise = "sigmoid"

    weight: Weight = 8.0
    ramp: RampLength = 0.3

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, one, other = together(student, batch.x, batch.u["weak"], batch.u["weak2"])
        return Losses(
            F.cross_entropy(logits, batch.y),
            F.mse_loss(one.softmax(1), other.softmax(1)),
            weight=self.risen(progress),
            used=1.0,
        )
