"""CCT (Ouali et al., 2020): heads that see damaged features must agree with the main one."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.perturbations import PERTURBATIONS
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class CrossConsistencyTraining(Ramp, Method):
    """Damages what the encoder sees in five ways; a head for each must still say the same."""

    views = ("weak",)
    joint = True
    rise = "sigmoid"

    weight: Weight = 30.0
    ramp: RampLength = 0.1

    @override
    def prepare(self) -> None:
        shape = self.task.num_features, self.task.num_classes
        self.heads = nn.ModuleList(nn.Linear(*shape) for _ in PERTURBATIONS)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        known = len(batch.x)
        features = student.encode(torch.cat([batch.x, batch.u["weak"]]))
        logits, z = student.head(features), features[known:]
        target = logits[known:].detach().softmax(1)
        terms = [
            F.mse_loss(head(damage(z, head)).softmax(1), target)
            for damage, head in zip(PERTURBATIONS, self.heads, strict=True)
        ]
        supervised = F.cross_entropy(logits[:known], batch.y)
        return Losses(supervised, torch.stack(terms).mean(), self.risen(progress), used=1.0)
