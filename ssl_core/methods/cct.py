"""CCT (Ouali et al., 2020): heads that see damaged features must agree with the main one."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.perturbations import PERTURBATIONS
from ssl_core.parts.ramps import sigmoid_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class CrossConsistencyTraining(Method):
    """Damages what the encoder sees in five ways; a head for each must still say the same.

    Args:
        weight: Weight of the unlabeled images once the ramp is over.
        ramp: Share of training over which that weight rises from nearly zero, 0 to 1.
    """

    views = ("weak",)

    def __init__(self, task: Task, *, weight: float = 30.0, ramp: float = 0.1) -> None:
        super().__init__(task)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        shape = task.num_features, task.num_classes
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
        weight = self.weight * sigmoid_ramp(progress, self.ramp)
        return Losses(supervised, torch.stack(terms).mean(), weight, used=1.0)
