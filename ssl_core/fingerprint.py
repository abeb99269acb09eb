"""Fingerprints: a few digits that name weights, rows and settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import torch
from torch import Tensor, nn


def digest(*parts: object) -> str:
    """Return 16 hexadecimal digits that stand for tensors and anything with a stable repr."""
    sha = hashlib.sha256()
    for part in parts:
        if isinstance(part, Tensor):
            kept = part.detach().cpu().contiguous()
            sha.update(f"{kept.dtype}{tuple(kept.shape)}".encode())
            sha.update(kept.flatten().view(torch.uint8).numpy().data)
        else:
            sha.update(repr(part).encode())
        sha.update(b"\0")
    return sha.hexdigest()[:16]


def streamed(parts: Iterable[Tensor]) -> str:
    """Return 16 hexadecimal digits that stand for rows that come in parts, however many these are.

    Args:
        parts: (n, …) each, all but n the same.
    """
    sha, rows, kind = hashlib.sha256(), 0, ""
    for part in parts:
        kept = part.detach().cpu().contiguous()
        sha.update(kept.flatten().view(torch.uint8).numpy().data)
        rows, kind = rows + len(kept), f"{kept.dtype}{tuple(kept.shape[1:])}"
    sha.update(f"{kind} {rows}".encode())
    return sha.hexdigest()[:16]


def state_hash(model: nn.Module) -> str:
    """Return 16 hexadecimal digits that name the model's weights and buffers."""
    return digest(*(part for item in model.state_dict().items() for part in item))
