"""FlexMatch (Zhang et al., 2021): classes that are learned slowly get a lower threshold."""

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


class FlexMatch(Ramp, Method):
    """FixMatch with a threshold for each class, lower where few images were learned so far."""

    views = ("weak", "strong")
    joint = True

    threshold: Annotated[float, Between(0, 1)] = 0.95
    """Confidence that the best learned class needs."""
    weight: Weight = 1.0
    ramp: RampLength = 0.0
    align: Align = False

    @override
    def prepare(self) -> None:
        self.realign = Alignment(self.task.class_prior) if self.align else nn.Identity()
        once_named(self, "align", "realign")
        # (num_unlabeled,) int64: last confident class of each row, -1 for none yet
        self.learned = nn.Buffer(torch.full((self.task.num_unlabeled,), -1))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        confidence, label = self.realign(weak.detach().softmax(1)).max(1)
        mask = (confidence >= self.thresholds()[label]).float()
        sure = confidence >= self.threshold
        self.learned[batch.index] = torch.where(sure, label, self.learned[batch.index])
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )

    def thresholds(self) -> Tensor:
        """Return the threshold of each class, (C,): β / (2 - β) of the full one (eqs. 11, 12).

        The rows that are not learned yet count like one more class, so all start at 0.
        """
        count = torch.bincount(self.learned + 1, minlength=self.task.num_classes + 1).float()
        beta = count[1:] / count.max()
        return self.threshold * beta / (2 - beta)
