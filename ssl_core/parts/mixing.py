"""MixUp (Zhang et al., 2018): between two examples lies a third, its label between theirs."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Beta


def shares(like: Tensor, alpha: float) -> Tensor:
    """Draw λ ~ Beta(alpha, alpha) for each row of `like` (n, …): (n,) on its device.

    Drawn on the CPU, so that a seed gives the same shares on every device.
    """
    return Beta(alpha, alpha).sample((len(like),)).to(like)


def larger(share: Tensor) -> Tensor:
    """Return max(λ, 1 - λ) for each row, so that a mix stays nearer to its first part."""
    return torch.maximum(share, 1 - share)


def mix(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Return λ first + (1 - λ) second, row by row: inputs (n, …), share (n,)."""
    share = share.view(-1, *[1] * (first.ndim - 1))
    return share * first + (1 - share) * second
