"""AdaMatch (Berthelot et al., 2022): one recipe for few labels and for a shift of domain."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.passes import frozen_batchnorm
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class AdaMatch(Ramp, Method):
    """FixMatch with guesses as frequent as the labels and a threshold set by the labeled images."""

    views = ("weak", "strong")
    joint = True
    rise = "cosine"

    threshold: Annotated[float, Between(0, 1)] = 0.9
    """Share of the labeled images' mean confidence that a guess needs."""
    ema_decay: Annotated[float, Between(0, 1)] = 0.99
    """Share of the past in the mean prediction that is aligned."""
    weight: Weight = 1.0
    ramp: RampLength = 0.5

    @override
    def prepare(self) -> None:
        self.align = Alignment(self.task.class_prior, self.ema_decay)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        beside, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        with frozen_batchnorm(student):  # statistics are kept once a step, from the joint batch
            alone = student(batch.x)
        # Anywhere between the two, logit by logit: a norm may see either domain's statistics
        logits = torch.lerp(alone, beside, torch.rand_like(beside))
        needed = self.threshold * beside.detach().softmax(1).amax(1).mean()
        guess = self.align(weak.detach().softmax(1))
        mask = (guess.amax(1) >= needed).float()
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, guess, mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )
