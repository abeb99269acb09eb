"""Two looks at each image: EfficientNet-Lite0 at 128 pixels and at 224, side by side."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ssl_core.backbones.multilevel import KEPT, Multilevel
from ssl_core.types import Classifier

COARSE, FINE = 128, 224  # pixels a side: at most, and exactly


class Thorough(nn.Module):
    """Images (B, 1 or 3, S, S) in [0, 1] -> (B, 1024): both looks, of one length.

    Small images are enlarged for the second look alone.
    """

    def __init__(self, num_channels: int) -> None:
        super().__init__()
        self.seer = Multilevel(0, num_channels)

    def forward(self, x: Tensor) -> Tensor:
        coarse = scaled(x, COARSE) if x.shape[-1] > COARSE else x
        return torch.cat([self.seer(coarse), self.seer(scaled(x, FINE))], dim=1)


def scaled(x: Tensor, side: int) -> Tensor:
    """Return images (B, C, S, S) at (B, C, side, side), smoothed where they shrink."""
    if x.shape[-1] == side:
        return x
    return F.interpolate(x, (side, side), mode="bilinear", antialias=True)


def thorough(num_channels: int, num_classes: int) -> Classifier:
    """Make the network with a new head: (B, 1 or 3, S, S) -> logits (B, num_classes).

    Raises:
        SSLError: another number of channels.
    """
    width = 2 * sum(KEPT)
    head = nn.Linear(width, num_classes)
    return Classifier(Thorough(num_channels), head, num_features=width, num_classes=num_classes)
