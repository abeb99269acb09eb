"""FreeMatch (Wang et al., 2023): thresholds that rise by themselves as the model grows sure."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class FreeMatch(Method):
    """FixMatch without a threshold to choose: moving averages of confidence set it, by class.

    Args:
        ema_decay: Share of the past in the moving averages, 0 to 1.
        fairness: Weight of the term that keeps classes from being forgotten, relative to the rest.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
    """

    views = ("weak", "strong")
    confidence: Tensor  # (): moving average of the largest probability
    mean: Tensor  # (C,): moving average of the probabilities
    shares: Tensor  # (C,): moving average of the shares of the guessed classes

    def __init__(
        self,
        task: Task,
        *,
        ema_decay: float = 0.999,
        fairness: float = 0.001,
        weight: float = 1.0,
        ramp: float = 0.0,
    ) -> None:
        super().__init__(task)
        self.ema_decay = within("ema_decay", ema_decay, 0, 1)
        self.fairness = within("fairness", fairness, 0, 1e6)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        even = 1 / task.num_classes
        self.register_buffer("confidence", torch.tensor(even))
        self.register_buffer("mean", torch.full((task.num_classes,), even))
        self.register_buffer("shares", torch.full((task.num_classes,), even))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        p = weak.detach().softmax(1)
        self.update(p)
        confidence, label = p.max(1)
        mask = (confidence >= self.thresholds()[label]).float()
        unfair = self.unfairness(strong.softmax(1), mask)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask) + self.fairness * unfair,
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=mask.mean(),
        )

    def update(self, p: Tensor) -> None:
        """Take the probabilities (M, C) of one batch into the moving averages."""
        guessed = F.one_hot(p.argmax(1), p.shape[1]).float()
        self.confidence.lerp_(p.amax(1).mean(), 1 - self.ema_decay)
        self.mean.lerp_(p.mean(0), 1 - self.ema_decay)
        self.shares.lerp_(guessed.mean(0), 1 - self.ema_decay)

    def thresholds(self) -> Tensor:
        """Return the threshold of each class, (C,): the global one, lower for rare classes."""
        return self.confidence * self.mean / self.mean.max()

    def unfairness(self, strong: Tensor, mask: Tensor) -> Tensor:
        """Return Σ a log b (eq. 13) of p over guessed shares: a so far, b in this batch (M, C)."""
        guessed = F.one_hot(strong.argmax(1), strong.shape[1]).float()
        found = mask @ guessed  # rows of each class; a class without any has no b
        ratio = torch.where(found > 0, mask @ strong / found.clamp_min(1), 0)
        past = F.normalize(self.mean / self.shares.clamp_min(1e-6), p=1, dim=0)
        present = ratio / ratio.sum().clamp_min(1e-6)
        return torch.where(found > 0, past * present.clamp_min(1e-12).log(), 0).sum()
