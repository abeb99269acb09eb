"""Folding (Jacob et al., 2018): a frozen norm is part of the convolution before it."""

from __future__ import annotations

from copy import deepcopy

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from ssl_core.types import Classifier


def folded(model: Classifier) -> Classifier:
    """Return a copy for prediction only, same logits, faster: no norm after a convolution is left.

    It must not be trained: what the norms learned is fixed in the kernels.
    """
    copy = deepcopy(model).eval()
    for module in copy.modules():
        if isinstance(module, nn.Sequential):
            _fold(module)
    return copy.requires_grad_(False)


def _fold(layers: nn.Sequential) -> None:
    for place in range(len(layers) - 1):
        first, second = layers[place], layers[place + 1]
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
            layers[place], layers[place + 1] = fuse_conv_bn_eval(first, second), nn.Identity()
