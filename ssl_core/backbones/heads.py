"""Heads on cached features: a linear one, and one hidden layer with dropout."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ssl_core.types import Classifier

HIDDEN = 256
DROPOUT = 0.5


class UnitLength(nn.Module):
    """Features (B, D) -> the same directions, each of length sqrt(D), so entries are about 1."""

    def forward(self, x: Tensor) -> Tensor:
        unit: Tensor = F.normalize(x, dim=1)
        return unit * math.sqrt(x.shape[1])


class ByteDropout(nn.Dropout):
    """Dropout that draws one byte an entry: torch's own takes a third of a step on a CPU.

    The chance is rounded to 256ths.
    """

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name torch gave it
        dropped = round(self.p * 256)
        if not self.training or not dropped:
            return input
        words = torch.empty(-(-input.numel() // 8), dtype=torch.int64, device=input.device)
        words.random_(-(2**63), None)
        kept = words.view(torch.uint8)[: input.numel()].view(input.shape) >= dropped
        return input * kept * (256 / (256 - dropped))


def linear(num_features: int, num_classes: int) -> Classifier:
    """Make a linear classifier of directions: (B, num_features) -> logits (B, num_classes)."""
    encoder = nn.Sequential(UnitLength(), ByteDropout(DROPOUT))
    head = nn.Linear(num_features, num_classes)
    return Classifier(encoder, head, num_features=num_features, num_classes=num_classes)


def mlp(num_features: int, num_classes: int) -> Classifier:
    """Make a one-hidden-layer classifier: (B, num_features) -> logits (B, num_classes)."""
    encoder = nn.Sequential(
        UnitLength(), ByteDropout(DROPOUT), nn.Linear(num_features, HIDDEN), nn.ReLU(),
        ByteDropout(DROPOUT),
    )  # fmt: skip
    head = nn.Linear(HIDDEN, num_classes)
    return Classifier(encoder, head, num_features=HIDDEN, num_classes=num_classes)
