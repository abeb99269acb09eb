"""Networks by name. To add one: its file, a line in BACKBONES or HEADS, its test."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ssl_core.backbones.efficientnet import efficientnet_lite
from ssl_core.backbones.external import external, is_external
from ssl_core.backbones.heads import linear, mlp
from ssl_core.backbones.multilevel import multilevel_lite
from ssl_core.backbones.small_cnn import small_cnn
from ssl_core.backbones.thorough import thorough
from ssl_core.backbones.wide_resnet import wide_resnet
from ssl_core.chance import drawing, fresh
from ssl_core.errors import unknown
from ssl_core.types import Classifier

Make = Callable[[int, int], Classifier]
BACKBONES: dict[str, Make] = {  # see images
    "efficientnet_lite0": partial(efficientnet_lite, 0),
    "efficientnet_lite1": partial(efficientnet_lite, 1),
    "efficientnet_lite2": partial(efficientnet_lite, 2),
    "multilevel_lite0": partial(multilevel_lite, 0),
    "multilevel_lite1": partial(multilevel_lite, 1),
    "multilevel_lite2": partial(multilevel_lite, 2),
    "small_cnn": small_cnn,
    "thorough": thorough,
    "wide_resnet": wide_resnet,
}
FROZEN = ("multilevel_lite0", "multilevel_lite1", "multilevel_lite2", "thorough")  # stay as made
HEADS: dict[str, Make] = {"linear": linear, "mlp": mlp}  # see cached features


def build(name: str, num_channels: int, num_classes: int, *, seed: int = 0) -> Classifier:
    """Make the network called `name` for inputs of `num_channels` (features: their width).

    The same seed gives the same first weights; the global random state is untouched.

    Raises:
        SSLError: no such network, and the message lists them; or one of timm, or a file of
            weights, that is not here.
    """
    known = BACKBONES | HEADS
    if name not in known and not is_external(name):
        raise unknown("backbone", name, known)
    with drawing(fresh(seed)):
        if is_external(name):
            return external(name, num_channels, num_classes)
        return known[name](num_channels, num_classes)
