"""VAT (Miyato et al., 2018): the worst small push must not change the answer."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.adversarial import adversarial
from ssl_core.parts.losses import entropy, kl, together
from ssl_core.parts.passes import frozen_batchnorm, without_dropout
from ssl_core.parts.ramps import Ramp, RampLength, Weight
from ssl_core.types import Batch, Classifier, Losses


class VAT(Ramp, Method):
    """Pushes each unlabeled image where its prediction changes most, and asks it to stay."""

    views = ("weak",)
    joint = True

    xi: Annotated[float, Between(1e-6, 1000, "units of the input")] = 10.0
    """Length of the step that looks for the worst direction."""
    epsilon: Annotated[float, Between(0, 1000, "units of the input")] = 1.0
    """Length of the push."""
    n_power: Annotated[int, Between(1, 20)] = 1
    """Steps of power iteration; one is enough as a rule."""
    entropy: Annotated[float, Between(0, 1e6)] = 0.0
    """Weight of the predictions' entropy beside the push; 0 leaves it out."""
    weight: Weight = 1.0
    ramp: RampLength = 0.0

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        u = batch.u["weak"]
        logits, weak = together(student, batch.x, u)
        unsupervised = self.smoothness(student, u)
        if self.entropy:
            unsupervised = unsupervised + self.entropy * entropy(weak)
        return Losses(
            F.cross_entropy(logits, batch.y),
            unsupervised,
            weight=self.risen(progress),
            used=1.0,
        )

    def smoothness(self, student: Classifier, u: torch.Tensor) -> torch.Tensor:
        """Mean KL divergence between the predictions of `u` (M, …) and of `u` pushed its worst.

        The target is predicted anew among `u` alone: in another batch, or under another dropout,
        an image that was not pushed at all would differ too.
        """
        with frozen_batchnorm(student), without_dropout(student):
            with torch.no_grad():
                target = student(u)
            push = adversarial(student, u, target, xi=self.xi, n_power=self.n_power)
            return kl(target, student(u + self.epsilon * push))
