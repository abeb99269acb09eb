"""SoftMatch (Chen et al., 2023): every guess teaches, the surer the more."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class SoftMatch(Method):
    """FixMatch with a soft edge: a guess below the usual confidence counts less, not nothing.

    Args:
        ema_decay: Share of the past in the moving mean and variance of confidence, 0 to 1.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
        align: Whether guesses are first made as frequent as the labels say.
    """

    views = ("weak", "strong")
    mean: Tensor  # (): moving mean of the largest probability
    variance: Tensor  # (): its moving variance

    def __init__(
        self,
        task: Task,
        *,
        ema_decay: float = 0.999,
        weight: float = 1.0,
        ramp: float = 0.0,
        align: bool = False,
    ) -> None:
        super().__init__(task)
        self.ema_decay = within("ema_decay", ema_decay, 0, 1)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        self.align = Alignment(task.class_prior) if align else nn.Identity()
        self.register_buffer("mean", torch.tensor(1 / task.num_classes))
        self.register_buffer("variance", torch.tensor(1.0))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        confidence, label = self.align(weak.detach().softmax(1)).max(1)
        self.update(confidence)
        mask = self.weights(confidence)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.weight * linear_ramp(progress, self.ramp),
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
