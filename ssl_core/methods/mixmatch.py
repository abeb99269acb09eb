"""MixMatch (Berthelot et al., 2019, Alg. 1): guess, sharpen, and mix everything with everything."""

from __future__ import annotations

from typing import Annotated, ClassVar

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.losses import probabilities, sharpen, together
from ssl_core.parts.mixing import larger, mix, shares
from ssl_core.parts.passes import frozen_batchnorm
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class MixMatch(Ramp, Method):
    """Guesses labels from several views, sharpens them, and trains on mixtures of all images.

    The weight is the paper's, whose runs take a million steps; rounds of a few hundred steps with
    few labels can collapse under it. `MixMatch(task, **MixMatch.SMALL_DATA)` suits those.
    """

    joint = True
    SMALL_DATA: ClassVar[dict[str, float]] = {"weight": 25.0, "ramp": 0.5}

    num_guesses: Annotated[int, Between(1, 8)] = 2
    """Views whose mean prediction is the guess."""
    temperature: Annotated[float, Between(0.01, 10)] = 0.5
    """How much guesses are sharpened, 1 being not at all."""
    alpha: Annotated[float, Between(0.01, 100)] = 0.75
    """Shape of the Beta distribution of the shares; small values mix little."""
    weight: Weight = 75.0
    ramp: RampLength = 1.0

    @override
    def prepare(self) -> None:
        self.views = ("weak", *(f"weak{k}" for k in range(2, self.num_guesses + 1)))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        u = [batch.u[view] for view in self.views]
        with torch.no_grad(), frozen_batchnorm(student):
            guesses = torch.stack([part.softmax(1) for part in together(student, *u)])
            guess = sharpen(guesses.mean(0), self.temperature)
        x = torch.cat([batch.x, *u])
        y = torch.cat([probabilities(batch.y, self.task.num_classes), *[guess] * len(u)])
        other = torch.randperm(len(x)).to(x.device)
        share = larger(shares(x, self.alpha))
        logits, target = student(mix(x, x[other], share)), mix(y, y[other], share)
        known = len(batch.x)
        return Losses(
            F.cross_entropy(logits[:known], target[:known]),
            F.mse_loss(logits[known:].softmax(1), target[known:]),
            weight=self.risen(progress),
            used=1.0,
        )
