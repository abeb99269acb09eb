"""The few operations that methods share: forward passes, and losses on predictions."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.types import Classifier


def together(model: Classifier, *inputs: Tensor) -> tuple[Tensor, ...]:
    """Return the logits of each input from one forward pass, so that they share batch statistics.

    One pass is faster than several, and batch normalization then sees labeled and unlabeled
    rows as one batch, as the methods' papers do.
    """
    parts = model(torch.cat(inputs)).split([len(x) for x in inputs])
    return cast("tuple[Tensor, ...]", parts)


def masked_loss(logits: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Masked cross-entropy, averaged over all M rows: logits (M, C), mask (M,) float.

    `target` is (M,) classes or (M, C) probabilities. Dividing by M and not by the mask's sum lets
    the term grow with confidence (Sohn et al., 2020, eq. 4); with nothing confident it is 0,
    never NaN.
    """
    return (F.cross_entropy(logits, target, reduction="none") * mask).mean()


def entropy(logits: Tensor) -> Tensor:
    """Mean entropy in nats of the predictions of logits (M, C); a probability of 0 adds 0."""
    return -(logits.softmax(1) * logits.log_softmax(1)).sum(1).mean()


def kl(target: Tensor, logits: Tensor) -> Tensor:
    """Mean over rows of KL(softmax(target) ‖ softmax(logits)), both (M, C) logits."""
    return F.kl_div(
        logits.log_softmax(1), target.log_softmax(1), reduction="batchmean", log_target=True
    )


def sharpen(p: Tensor, temperature: float) -> Tensor:
    """Raise probabilities (M, C) to 1/temperature and normalize; below 1 it sharpens.

    Through the logarithm, since a small probability to a high power would be 0 in every class.
    """
    return p.log().div(temperature).softmax(1)


def probabilities(y: Tensor, num_classes: int) -> Tensor:
    """Return labels as (B, C) float32: classes (B,) become one-hot, probabilities stay."""
    return F.one_hot(y, num_classes).float() if y.ndim == 1 else y
