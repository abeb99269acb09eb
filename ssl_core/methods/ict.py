"""ICT (Verma et al., 2019): what lies between two images is predicted between their predictions."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.losses import together
from ssl_core.parts.mixing import mix, shares
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class ICT(Ramp, Method):
    """On a mixture of two unlabeled images, predict the mixture of the teacher's predictions."""

    views = ("weak",)
    joint = True
    rise = "sigmoid"

    alpha: Annotated[float, Between(0.01, 100)] = 1.0
    """Shape of the Beta distribution of the shares; small values mix little."""
    weight: Weight = 10.0
    ramp: RampLength = 0.25

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
            weight=self.risen(progress),
            used=1.0,
        )
