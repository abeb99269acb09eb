"""Supervised: learn from the labeled rows alone, without a guess."""

from __future__ import annotations

import torch.nn.functional as F
from typing_extensions import override

from ssl_core.method import Method
from ssl_core.types import Batch, Classifier, Losses


class Supervised(Method):
    """Learns from labeled images only, which the others must beat."""

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        loss = F.cross_entropy(student(batch.x), batch.y)
        return Losses(loss, loss.new_zeros(()), weight=0.0)
