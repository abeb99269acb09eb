"""How fast to learn: the optimizer that suits the data, warm-up, then cosine decay."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from torch import nn, optim

MOMENTUM = 0.9
DEFAULT_LR = {"images": 0.1, "features": 0.003}


def optimizer(
    kind: Literal["images", "features"], modules: Iterable[nn.Module], lr: float, decay: float
) -> optim.Optimizer:
    """Make Nesterov SGD for networks on images, AdamW for heads on features.

    Weight decay spares norms and biases: everything with fewer than two dimensions.
    """
    parameters = [p for module in modules for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if kind == "features":
        return optim.AdamW(groups, lr=lr, fused=True)
    return optim.SGD(groups, lr=lr, momentum=MOMENTUM, nesterov=True, foreach=True)


def factor(step: int, steps: int, warmup: int) -> float:
    """Share of the full learning rate at `step`: linear over `warmup`, then cos(7πk/16K)."""
    if step < warmup:
        return (step + 1) / warmup
    return math.cos(7 * math.pi * (step - warmup) / (16 * max(steps - warmup, 1)))
