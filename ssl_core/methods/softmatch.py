"""SoftMatch (Chen et al., 2023): every guess teaches, the surer the more."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.alignment import Align, Alignment, once_named
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class SoftMatch(Ramp, Method):
    """FixMatch with a soft edge: a guess below the usual confidence counts less, not nothing."""

    views = ("weak", "strong")
    joint = True

    ema_decay: Annotated[float, Between(0, 1)] = 0.999
    """Share of the past in the moving mean and variance of confidence."""
    weight: Weight = 1.0
    ramp: RampLength = 0.0
    align: Align = False

    @override
    def prepare(self) -> None:
        self.realign = Alignment(self.task.class_prior) if self.align else nn.Identity()
        once_named(self, "align", "realign")
        # Both (), moving, of the largest probabilities
        self.mean = nn.Buffer(torch.tensor(1 / self.task.num_classes))
        self.variance = nn.Buffer(torch.tensor(1.0))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        confidence, label = self.realign(weak.detach().softmax(1)).max(1)
        self.update(confidence)
        mask = self.weights(confidence)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )

    def update(self, confidence: Tensor) -> None:
        """Take the confidences (M,) of one batch into the moving mean and variance."""
        spread = confidence.var(correction=min(1, len(confidence) - 1))
        self.mean.lerp_(confidence.mean(), 1 - self.ema_decay)
        self.variance.lerp_(spread, 1 - self.ema_decay)

    def weights(self, confidence: Tensor) -> Tensor:
        """Return how much each row counts, (M,) in [0, 1]: two deviations make the bell's width."""
        short = (confidence - self.mean).clamp_max(0)
        return torch.exp(-short.square() / (2 * self.variance.clamp_min(1e-12) / 4))
