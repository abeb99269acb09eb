"""Ways to damage what an encoder saw (Ouali et al., 2020), made for feature vectors (M, D)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.parts.adversarial import adversarial

Head: TypeAlias = Callable[[Tensor], Tensor]  # features (M, D) -> logits (M, C)


def dropout(z: Tensor, _: Head) -> Tensor:
    """Return the features with half of them set to zero and the others doubled."""
    return F.dropout(z, 0.5)


def drop_strongest(z: Tensor, _: Head) -> Tensor:
    """Return the features without those above a share, 0.6 to 0.9, of the row's largest."""
    size = z.detach().abs()
    limit = torch.rand(len(z), 1, device=z.device) * 0.3 + 0.6
    return z * (size < limit * size.amax(1, keepdim=True))


def noise(z: Tensor, _: Head) -> Tensor:
    """Return the features, each changed by up to 30 %."""
    return z * (1 + torch.rand_like(z) * 0.6 - 0.3)


def push(z: Tensor, head: Head) -> Tensor:
    """Return the features moved by a fifth of their length where `head` changes most (VAT)."""
    length = torch.linalg.vector_norm(z.detach(), dim=1, keepdim=True)
    pushed: Tensor = z + 0.2 * length * adversarial(head, z, head(z), xi=0.1, n_power=1)
    return pushed


def cutout(z: Tensor, _: Head) -> Tensor:
    """Return the features with a run of two fifths of them, anywhere, set to zero."""
    width = z.shape[1]
    start = torch.randint(width, (len(z), 1)).to(z.device)
    return z * ((torch.arange(width, device=z.device) - start) % width >= 0.4 * width)


PERTURBATIONS: tuple[Callable[[Tensor, Head], Tensor], ...] = (
    dropout,
    drop_strongest,
    noise,
    push,
    cutout,
)
