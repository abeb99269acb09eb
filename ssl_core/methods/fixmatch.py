"""FixMatch (Sohn et al., 2020): a confident weak view labels the strong view."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.guesses import Guesses, PerClass, each_within
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class FixMatch(Method):
    """Confident predictions on lightly changed images label their strongly changed copies.

    The paper's threshold suits long runs; in a few hundred steps it leaves too much unused.

    Args:
        threshold: Confidence from which a prediction counts as a label, 0 to 1; 0.95 in the paper.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
        align: Whether guesses are first made as frequent as the labels say.
    """

    views = ("weak", "strong")

    def __init__(
        self, task: Task, *, threshold: float | PerClass = 0.9, weight: float = 1.0,
        ramp: float = 0.0, align: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(task)
        self.guesses = Guesses(task, each_within("threshold", threshold, 0, 1), align)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        _, label, mask = self.guesses(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=mask.mean(),
        )
