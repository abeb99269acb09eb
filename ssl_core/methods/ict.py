"""ICT (Verma et al., 2019): what lies between two images is predicted between their predictions."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.losses import together
from ssl_core.parts.mixing import mix, shares
from ssl_core.parts.ramps import sigmoid_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class ICT(Method):
    """On a mixture of two unlabeled images, predict the mixture of the teacher's predictions.

    Args:
        alpha: Shape of the Beta distribution of the shares; small values mix little.
        weight: Weight of the unlabeled images once the ramp is over.
        ramp: Share of training over which that weight rises from nearly zero, 0 to 1.
    """

    views = ("weak",)

    def __init__(
        self, task: Task, *, alpha: float = 1.0, weight: float = 10.0, ramp: float = 0.25
    ) -> None:
        super().__init__(task)
        self.alpha = within("alpha", alpha, 0.01, 100)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        u = batch.u["weak"]
        other = torch.randperm(len(u)).to(u.device)
        share = shares(u, self.alpha)
        with torch.no_grad():
            p = teacher(u).softmax(1)
        logits, mixed = together(student, batch.x, mix(u, u[other], share))
        return Losses(
            F.cross_entropy(logits, batch.y),
            F.mse_loss(mixed.softmax(1), mix(p, p[other], share)),
            weight=self.weight * sigmoid_ramp(progress, self.ramp),
            used=1.0,
        )
