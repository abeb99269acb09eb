"""ReMixMatch (Berthelot et al., 2020): aligned guesses anchor strong views, mixed and turned."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.method import Method
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import probabilities, sharpen, together
from ssl_core.parts.mixing import larger, mix, shares
from ssl_core.parts.passes import frozen_batchnorm
from ssl_core.parts.ramps import RampLength, linear_ramp
from ssl_core.types import Batch, Classifier, Losses


class ReMixMatch(Method):
    """One guess from the weak view, as frequent as the labels say, teaches several strong views.

    The labeled images are seen in their weak view. Rotations are learned where inputs are square
    images; feature vectors cannot be turned, so for them that term is zero.
    """

    joint = True

    num_guesses: Annotated[int, Between(1, 8)] = 2
    """Strong views of each unlabeled image."""
    temperature: Annotated[float, Between(0.01, 10)] = 0.5
    """How much guesses are sharpened, 1 being not at all."""
    alpha: Annotated[float, Between(0.01, 100)] = 0.75
    """Shape of the Beta distribution of the shares; small values mix little."""
    ema_decay: Annotated[float, Between(0, 1)] = 0.99
    """Share of the past in the mean prediction that is aligned."""
    weight: Annotated[float, Between(0, 1e6)] = 1.5
    """Weight of the mixed unlabeled images."""
    anchor: Annotated[float, Between(0, 1e6)] = 0.5
    """Weight of the first strong view before it is mixed."""
    rotation: Annotated[float, Between(0, 1e6)] = 0.5
    """Weight of telling by how many quarters an image was turned."""
    ramp: RampLength = 0.1
    """Share of training over which these weights rise."""

    @override
    def prepare(self) -> None:
        self.align = Alignment(self.task.class_prior, self.ema_decay)
        self.turns = nn.Linear(self.task.num_features, 4)
        strong = (f"strong{k}" for k in range(2, self.num_guesses + 1))
        self.views = ("weak", "strong", *strong)

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        u, known = [batch.u[view] for view in self.views], len(batch.x)
        with torch.no_grad(), frozen_batchnorm(student):
            guess = sharpen(self.align(student(u[0]).softmax(1)), self.temperature)
        x = torch.cat([batch.x, *u])
        y = torch.cat([probabilities(batch.y, self.task.num_classes), *[guess] * len(u)])
        other = torch.randperm(len(x)).to(x.device)
        share = larger(shares(x, self.alpha))
        target = mix(y, y[other], share)
        logits, first = together(student, mix(x, x[other], share), u[1])
        mixed = F.cross_entropy(logits[known:], target[known:])
        unsupervised = self.weight * mixed + self.anchor * F.cross_entropy(first, guess)
        if u[1].ndim == 4 and u[1].shape[2] == u[1].shape[3]:
            unsupervised = unsupervised + self.rotation * self.turned(student, u[1])
        return Losses(
            F.cross_entropy(logits[:known], target[:known]),
            unsupervised,
            weight=linear_ramp(progress, self.ramp),
            used=1.0,
        )

    def turned(self, student: Classifier, images: Tensor) -> Tensor:
        """Cross-entropy of telling how images (M, C, S, S) were turned, each by its own draw."""
        quarters = torch.randint(4, (len(images),)).to(images.device)
        ways = torch.stack([images.rot90(k, (2, 3)) for k in range(4)])
        rows = torch.arange(len(images), device=images.device)
        with frozen_batchnorm(student):
            features = student.encode(ways[quarters, rows])
        return F.cross_entropy(self.turns(features), quarters)
