"""FlexMatch (Zhang et al., 2021): classes that are learned slowly get a lower threshold."""

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


class FlexMatch(Method):
    """FixMatch with a threshold for each class, lower where few images were learned so far.

    Args:
        threshold: Confidence that the best learned class needs, 0 to 1.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
        align: Whether guesses are first made as frequent as the labels say.
    """

    views = ("weak", "strong")
    learned: Tensor  # (num_unlabeled,) int64: last confident class of each row, -1 for none yet

    def __init__(
        self,
        task: Task,
        *,
        threshold: float = 0.95,
        weight: float = 1.0,
        ramp: float = 0.0,
        align: bool = False,
    ) -> None:
        super().__init__(task)
        self.threshold = within("threshold", threshold, 0, 1)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        self.align = Alignment(task.class_prior) if align else nn.Identity()
        self.register_buffer("learned", torch.full((task.num_unlabeled,), -1))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        confidence, label = self.align(weak.detach().softmax(1)).max(1)
        mask = (confidence >= self.thresholds()[label]).float()
        sure = confidence >= self.threshold
        self.learned[batch.index] = torch.where(sure, label, self.learned[batch.index])
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=mask.mean(),
        )

    def thresholds(self) -> Tensor:
        """Return the threshold of each class, (C,): β / (2 - β) of the full one (eqs. 11, 12).

        The rows that are not learned yet count like one more class, so all start at 0.
        """
        count = torch.bincount(self.learned + 1, minlength=self.task.num_classes + 1).float()
        beta = count[1:] / count.max()
        return self.threshold * beta / (2 - beta)
