"""Passes that leave no trace: batch statistics are used but not kept, dropout is off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd


@contextmanager
def frozen_batchnorm(model: nn.Module) -> Iterator[None]:
    """Keep the running statistics of batch normalization as they are.

    In training mode it still normalizes by the batch, as the paper of every method here assumes.
    """
    norms = [m for m in model.modules() if isinstance(m, _BatchNorm) and m.track_running_stats]
    for norm in norms:
        norm.track_running_stats = False
    try:
        yield
    finally:
        for norm in norms:
            norm.track_running_stats = True


@contextmanager
def without_dropout(model: nn.Module) -> Iterator[None]:
    """Switch dropout off, so that two passes differ by their inputs alone."""
    noisy = [m for m in model.modules() if isinstance(m, _DropoutNd) and m.training]
    for module in noisy:
        module.eval()
    try:
        yield
    finally:
        for module in noisy:
            module.train()
