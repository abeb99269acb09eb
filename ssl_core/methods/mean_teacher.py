"""Mean Teacher (Tarvainen & Valpola, 2017): agree with your own moving average."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.losses import together
from ssl_core.parts.ramps import sigmoid_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class MeanTeacher(Method):
    """The network must agree with a steadier one: the moving average of itself.

    The paper's weight of 100 suits its long runs; in rounds of a few hundred steps it can drown
    the labels.

    Args:
        weight: Weight of the unlabeled images once the ramp is over.
        ramp: Share of training over which that weight rises from nearly zero, 0 to 1.
    """

    views = ("weak", "weak2")

    def __init__(self, task: Task, *, weight: float = 30.0, ramp: float = 0.3) -> None:
        super().__init__(task)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

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
            weight=self.weight * sigmoid_ramp(progress, self.ramp),
            used=1.0,
        )
