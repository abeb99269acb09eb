"""Distribution alignment (Berthelot et al., 2020): guesses as frequent as the labels say."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

Align: TypeAlias = bool
"""Whether guesses are first made as frequent as the labels say."""


class Alignment(nn.Module):
    """Scales predictions until their running mean has the shares that the classes should have.

    The aim is the task's prior and not the uniform distribution: the classes of medical images are
    imbalanced. That is the labels' share of each class unless more is known of the pool, as in the
    ensemble, where labels may be even and the pool is not. The mean starts at the prior, so at
    first nothing is scaled.
    """

    prior: Tensor  # (C,): what the mean should be
    mean: Tensor  # (C,): moving average of the predictions

    def __init__(self, prior: Tensor, decay: float = 0.99) -> None:
        super().__init__()
        self.decay = decay
        self.register_buffer("prior", prior.clone())
        self.register_buffer("mean", prior.clone())

    @torch.no_grad()
    def forward(self, p: Tensor) -> Tensor:
        """Take probabilities (M, C) into the mean and return them aligned, rows summing to 1."""
        self.mean.lerp_(p.mean(0), 1 - self.decay)
        scaled = p * (self.prior / self.mean.clamp_min(1e-6))
        return scaled / scaled.sum(1, keepdim=True)


def once_named(module: nn.Module, old: str, new: str) -> None:
    """Let `module` load states in which its submodule `new` still had the name `old`."""
    module.register_load_state_dict_pre_hook(partial(_rename, f"{old}.", f"{new}."))


def _rename(
    old: str, new: str, module: nn.Module, state: dict[str, Any], prefix: str, *_: object
) -> None:
    del module
    for key in [key for key in state if key.startswith(prefix + old)]:
        state[prefix + new + key.removeprefix(prefix + old)] = state.pop(key)
