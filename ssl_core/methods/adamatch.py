"""AdaMatch (Berthelot et al., 2022): one recipe for few labels and for a shift of domain."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.passes import frozen_batchnorm
from ssl_core.parts.ramps import cosine_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class AdaMatch(Method):
    """FixMatch with guesses as frequent as the labels and a threshold set by the labeled images.

    Args:
        threshold: Share of the labeled images' mean confidence that a guess needs, 0 to 1.
        ema_decay: Share of the past in the mean prediction that is aligned, 0 to 1.
        weight: Weight of the unlabeled images once the ramp is over.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
    """

    views = ("weak", "strong")

    def __init__(
        self,
        task: Task,
        *,
        threshold: float = 0.9,
        ema_decay: float = 0.99,
        weight: float = 1.0,
        ramp: float = 0.5,
    ) -> None:
        super().__init__(task)
        self.threshold = within("threshold", threshold, 0, 1)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        self.align = Alignment(task.class_prior, within("ema_decay", ema_decay, 0, 1))

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
            weight=self.weight * cosine_ramp(progress, self.ramp),
            used=mask.mean(),
        )
