"""Mean Teacher (Tarvainen & Valpola, 2017): agree with your own moving average."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.losses import together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class MeanTeacher(Ramp, Method):
    """The network must agree with a steadier one: the moving average of itself.

    The paper's weight of 100 suits its long runs; in rounds of a few hundred steps it can drown
    the labels.
    """

    views = ("weak", "weak2")
    rise = "sigmoid"

    weight: Weight = 30.0
    ramp: RampLength = 0.3

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak = together(student, batch.x, batch.u["weak2"])
        with torch.no_grad():
            target = teacher(batch.u["weak"]).softmax(1)
        return Losses(
            F.cross_entropy(logits, batch.y),
            F.mse_loss(weak.softmax(1), target),
            weight=self.risen(progress),
            used=1.0,
        )
