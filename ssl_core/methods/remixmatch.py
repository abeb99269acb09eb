"""ReMixMatch (Berthelot et al., 2020): aligned guesses anchor strong views, mixed and turned."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from typing_extensions import override

from ssl_core.errors import within
from ssl_core.method import Method
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import probabilities, sharpen, together
from ssl_core.parts.mixing import larger, mix, shares
from ssl_core.parts.passes import frozen_batchnorm
from ssl_core.parts.ramps import linear_ramp
from ssl_core.types import Batch, Classifier, Losses, Task


class ReMixMatch(Method):
    """One guess from the weak view, as frequent as the labels say, teaches several strong views.

    The labeled images are seen in their weak view. Rotations are learned where inputs are square
    images; feature vectors cannot be turned, so for them that term is zero.

    Args:
        num_guesses: Strong views of each unlabeled image.
        temperature: How much guesses are sharpened, 1 being not at all.
        alpha: Shape of the Beta distribution of the shares; small values mix little.
        ema_decay: Share of the past in the mean prediction that is aligned, 0 to 1.
        weight: Weight of the mixed unlabeled images.
        anchor: Weight of the first strong view before it is mixed.
        rotation: Weight of telling by how many quarters an image was turned.
        ramp: Share of training over which these weights rise from zero, 0 to 1.
    """

    def __init__(
        self,
        task: Task,
        *,
        num_guesses: int = 2,
        temperature: float = 0.5,
        alpha: float = 0.75,
        ema_decay: float = 0.99,
        weight: float = 1.5,
        anchor: float = 0.5,
        rotation: float = 0.5,
        ramp: float = 0.1,
    ) -> None:
        super().__init__(task)
        self.num_guesses = int(within("num_guesses", num_guesses, 1, 8))
        self.temperature = within("temperature", temperature, 0.01, 10)
        self.alpha = within("alpha", alpha, 0.01, 100)
        self.align = Alignment(task.class_prior, within("ema_decay", ema_decay, 0, 1))
        self.weight = within("weight", weight, 0, 1e6)
        self.anchor = within("anchor", anchor, 0, 1e6)
        self.rotation = within("rotation", rotation, 0, 1e6)
        self.ramp = within("ramp", ramp, 0, 1)
        self.turns = nn.Linear(task.num_features, 4)
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
