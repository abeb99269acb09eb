"""VAT (Miyato et al., 2018): the worst small push must not change the answer."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.adversarial import adversarial
from ssl_core.parts.losses import entropy, kl, together
from ssl_core.parts.passes import frozen_batchnorm, without_dropout
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class VAT(Method):
    """Pushes each unlabeled image where its prediction changes most, and asks it to stay.

    Args:
        xi: Length of the step that looks for the worst direction, in units of the input.
        epsilon: Length of the push, in units of the input.
        n_power: Steps of power iteration; one is enough as a rule.
        entropy: Weight of the predictions' entropy beside the push; 0 leaves it out.
        weight: Weight of the unlabeled images.
        ramp: Share of training over which that weight rises from zero, 0 to 1.
    """

    views = ("weak",)

    def __init__(
        self,
        task: Task,
        *,
        xi: float = 10.0,
        epsilon: float = 1.0,
        n_power: int = 1,
        entropy: float = 0.0,
        weight: float = 1.0,
        ramp: float = 0.0,
    ) -> None:
        super().__init__(task)
        self.xi = within("xi", xi, 1e-6, 1000)
        self.epsilon = within("epsilon", epsilon, 0, 1000)
        self.n_power = int(within("n_power", n_power, 1, 20))
        self.entropy = within("entropy", entropy, 0, 1e6)
        self.weight = within("weight", weight, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)

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
            weight=self.weight * linear_ramp(progress, self.ramp),
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
