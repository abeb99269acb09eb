"""FreeMatch (Wang et al., 2023): thresholds that rise by themselves as the model grows sure."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class FreeMatch(Ramp, Method):
    """FixMatch without a threshold to choose: moving averages of confidence set it, by class."""

    views = ("weak", "strong")
    joint = True

    ema_decay: Annotated[float, Between(0, 1)] = 0.999
    """Share of the past in the moving averages."""
    fairness: Annotated[float, Between(0, 1e6)] = 0.001
    """Weight of the term that keeps classes from being forgotten, relative to the rest."""
    weight: Weight = 1.0
    ramp: RampLength = 0.0

    @override
    def prepare(self) -> None:
        classes = self.task.num_classes
        # Moving averages: (), of the largest probability; (C,), of the probabilities and of the
        # shares of the guessed classes
        self.confidence = nn.Buffer(torch.tensor(1 / classes))
        self.mean = nn.Buffer(torch.full((classes,), 1 / classes))
        self.shares = nn.Buffer(torch.full((classes,), 1 / classes))

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
            weight=self.risen(progress),
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
