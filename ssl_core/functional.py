"""The few operations that methods share."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.types import Classifier


def together(model: Classifier, *inputs: Tensor) -> tuple[Tensor, ...]:
    """Return the logits of each input from one forward pass, so that they share batch statistics.

    One pass is faster than several, and batch normalization then sees labelled and unlabelled
    rows as one batch, as the methods' papers do.
    """
    parts = model(torch.cat(inputs)).split([len(x) for x in inputs])
    return cast("tuple[Tensor, ...]", parts)


def hard_loss(logits: Tensor, label: Tensor, mask: Tensor) -> Tensor:
    """Masked cross-entropy, averaged over all M rows: logits (M, C), label (M,), mask (M,) float.

    Dividing by M and not by the mask's sum lets the term grow with confidence (Sohn et al., 2020,
    eq. 4); with nothing confident it is 0, never NaN.
    """
    return (F.cross_entropy(logits, label, reduction="none") * mask).mean()


def linear_ramp(progress: float, length: float) -> float:
    """Rise from 0 to 1 over the first `length` of training; `length` 0 means 1 throughout."""
    return 1.0 if progress >= length else progress / length
