"""UDA (Xie et al., 2020): a sharpened guess on the weak view teaches the strong view."""

from __future__ import annotations

from typing import Annotated

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.alignment import Align
from ssl_core.parts.guesses import Guesses, Threshold
from ssl_core.parts.losses import masked_loss, sharpen, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class UDA(Ramp, Method):
    """Confident predictions, made more decided, are the aim for strongly changed copies."""

    views = ("weak", "strong")

    threshold: Threshold = 0.8
    """Confidence from which a prediction teaches, before it is sharpened."""
    temperature: Annotated[float, Between(0.01, 10)] = 0.4
    """How much predictions are sharpened, 1 being not at all."""
    weight: Weight = 1.0
    ramp: RampLength = 0.0
    align: Align = False

    @override
    def prepare(self) -> None:
        self.guesses = Guesses(self.task, self.threshold, self.align)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        logits, weak, strong = together(student, batch.x, batch.u["weak"], batch.u["strong"])
        guess, _, mask = self.guesses(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, sharpen(guess, self.temperature), mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )
