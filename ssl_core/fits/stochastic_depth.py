"""Stochastic depth (Huang et al., 2016): while training, residual blocks are skipped at random."""

from __future__ import annotations

from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn

from ssl_core.types import Classifier

SURVIVAL = 0.8  # of the last block; the first ones are skipped least (Noisy Student's setting)


def skipping(model: Classifier) -> Classifier:
    """Return a copy whose blocks may be skipped, each image by its own draw, while it trains.

    A block says by `residual` that it adds to its input, so that it can be skipped. What survives
    is scaled up, so evaluation needs no change. The weights keep their names; a model without such
    a block is returned as it is.
    """
    if not _blocks(model):
        return model
    copy = deepcopy(model)
    blocks = _blocks(copy)
    for place, block in enumerate(blocks, start=1):
        survival = 1 - place / len(blocks) * (1 - SURVIVAL)
        block.register_forward_hook(partial(_skip, survival))
    return copy


def _blocks(model: nn.Module) -> list[nn.Module]:
    return [each for each in model.modules() if getattr(each, "residual", False)]


def _skip(survival: float, block: nn.Module, given: tuple[Tensor], out: Tensor) -> Tensor:
    """Add what the block added to some images only, (B, …) each."""
    if not block.training:
        return out
    x = given[0]
    shape = len(x), *(1,) * (x.ndim - 1)
    kept = (torch.rand(shape, device=x.device) < survival) / survival
    return x + kept.to(x.dtype) * (out - x)
