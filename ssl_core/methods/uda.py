"""UDA (Xie et al., 2020): a sharpened guess on the weak view teaches the strong view."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.guesses import Guesses, PerClass, each_within
from ssl_core.parts.losses import masked_loss, sharpen, together
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class UDA(Method):
    """Confident predictions, made more decided, are the aim for strongly changed copies.

    Args:
        threshold: Confidence from which a prediction teaches, 0 to 1, before it is sharpened.
        temperature: How much predictions are sharpened, 1 being not at all.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
        align: Whether guesses are first made as frequent as the labels say.
    """

    views = ("weak", "strong")

    def __init__(
        self, task: Task, *, threshold: float | PerClass = 0.8, temperature: float = 0.4,
        weight: float = 1.0, ramp: float = 0.0, align: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(task)
        self.guesses = Guesses(task, each_within("threshold", threshold, 0, 1), align)
        self.temperature = within("temperature", temperature, 0.01, 10)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        guess, _, mask = self.guesses(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, sharpen(guess, self.temperature), mask),
            weight=self.weight * linear_ramp(progress, self.ramp),
            used=mask.mean(),
        )
