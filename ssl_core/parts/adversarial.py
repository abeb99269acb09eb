"""The direction in which a prediction changes most (Miyato et al., 2018, Alg. 1)."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.parts.losses import kl


def adversarial(
    predict: Callable[[Tensor], Tensor], x: Tensor, target: Tensor, *, xi: float, n_power: int
) -> Tensor:
    """Return unit directions like `x` (M, …), found by `n_power` steps of power iteration.

    `predict` gives logits, `target` (M, C) are those of `x` itself. The gradient is taken by
    `autograd.grad`: `backward` would add to the gradients of the weights.
    """
    x, target = x.detach(), target.detach()
    direction = unit(torch.randn_like(x))
    with torch.enable_grad():
        for _ in range(n_power):
            direction.requires_grad_()
            change = kl(target, predict(x + xi * direction))
            direction = unit(torch.autograd.grad(change, direction)[0])
    return direction


def unit(x: Tensor) -> Tensor:
    """Scale each row of `x` (M, …) to length 1 over all its other dimensions; zeros stay zeros."""
    flat = x.flatten(1)
    # By the largest entry first: the squares of tiny gradients would underflow
    flat = flat / flat.abs().amax(1, keepdim=True).clamp_min(torch.finfo(flat.dtype).tiny)
    return F.normalize(flat).view_as(x)
