"""Wide ResNet 28-2 (Zagoruyko & Komodakis, 2016): the usual network of the methods' papers."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from ssl_core.types import Classifier

WIDTHS = (32, 64, 128)  # 16, 32, 64 widened twice
BLOCKS = 4  # (28 - 4) / 6 residual blocks a width


class Block(nn.Module):
    """A pre-activated residual block."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(before), nn.BatchNorm2d(after)
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.residual = before == after and stride == 1
        self.shortcut = None if self.residual else nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        active = F.leaky_relu(self.norm1(x), 0.1)
        kept = x if self.shortcut is None else self.shortcut(active)
        out: Tensor = kept + self.conv2(F.leaky_relu(self.norm2(self.conv1(active)), 0.1))
        return out


class Encoder(nn.Module):
    """Images (B, C, H, W) in [0, 1] -> (B, 128)."""

    def __init__(self, num_channels: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(num_channels, 16, 3, padding=1, bias=False)
        blocks, before = [], 16
        for after in WIDTHS:
            for number in range(BLOCKS):
                stride = 2 if number == 0 and after != WIDTHS[0] else 1
                blocks.append(Block(before, after, stride))
                before = after
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.BatchNorm2d(before)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(self.norm(self.blocks(self.stem(x))), 0.1).mean((2, 3))


def wide_resnet(num_channels: int, num_classes: int) -> Classifier:
    """Make the classifier: images (B, num_channels, H, W) -> logits (B, num_classes)."""
    head = nn.Linear(WIDTHS[-1], num_classes)
    return Classifier(Encoder(num_channels), head, num_features=WIDTHS[-1], num_classes=num_classes)
