"""FixMatch (Sohn et al., 2020): a confident weak view labels the strong view."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.parts.alignment import Align
from ssl_core.parts.guesses import Guesses, Threshold
from ssl_core.parts.losses import masked_loss, together
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class FixMatch(Ramp, Method):
    """Confident predictions on lightly changed images label their strongly changed copies.

    The paper's threshold of 0.95 suits long runs; in a few hundred steps it leaves too much unused.
    """

    views = ("weak", "strong")

    threshold: Threshold = 0.9
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
        _, label, mask = self.guesses(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            masked_loss(strong, label, mask),
            weight=self.risen(progress),
            used=mask.mean(),
        )
