"""A small convolutional network: tiny images, trained from scratch, also without a GPU."""

from __future__ import annotations

from torch import Tensor, nn

from ssl_core.types import Classifier

WIDTHS = (16, 32, 64)


class Encoder(nn.Module):
    """Images (B, C, H, W) in [0, 1] -> (B, 64): four convolutions, halved twice, averaged."""

    def __init__(self, num_channels: int) -> None:
        super().__init__()
        first, second, third = WIDTHS
        self.layers = nn.Sequential(
            *_block(num_channels, first), nn.MaxPool2d(2),
            *_block(first, second), nn.MaxPool2d(2),
            *_block(second, third), *_block(third, third),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        # The mean over positions, not a 7 x 7 flatten: any image size fits and a shift matters less
        features: Tensor = self.layers(x).mean((2, 3))
        return features


def _block(before: int, after: int) -> list[nn.Module]:
    convolution = nn.Conv2d(before, after, 3, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(after), nn.LeakyReLU(0.1, inplace=True)]


def small_cnn(num_channels: int, num_classes: int) -> Classifier:
    """Make the classifier: images (B, num_channels, H, W) -> logits (B, num_classes)."""
    head = nn.Linear(WIDTHS[-1], num_classes)
    return Classifier(Encoder(num_channels), head, num_features=WIDTHS[-1], num_classes=num_classes)
