"""What a round trains: which network, at which size, on which device, for how long."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from annotator.model import Regime, Settings, Trained
from annotator.model.networks.backbones import stays_frozen
from ssl_core.backbones import FROZEN

TINY = 64  # longer side in pixels; below it a small network from scratch may beat frozen features
ENOUGH = 10  # labels a class from which "auto" tries whether it does
CPU_SIDE = 128  # pixels: larger images are embedded at this size without a GPU
GPU_SIDE = 224
HEAD = "mlp"  # what learns on frozen features
PRETRAINED = "efficientnet_lite0"  # trained whole
SEEN = "multilevel_lite0"  # frozen: the same network, read at three depths
CLOSELY = "thorough"  # looks twice, the second time at GPU_SIDE


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions of one round. A round that is resumed decides alike."""

    regime: Trained
    backbone: str  # a name in BACKBONES, or what `model.networks` tells of
    size: int  # pixels a side
    preset: str
    steps: int
    device: torch.device


def tunable(median_side: int, device: torch.device, labels: float) -> bool:
    """Whether "auto" may train a whole network: with ENOUGH labels a class, where it can be done.

    That is a small network on tiny images, also on a CPU, or any with a GPU. Fewer labels teach
    most on a frozen pretrained backbone, and in seconds.

    Args:
        median_side: median of the images' longer sides, in pixels.
        device: where it will run.
        labels: how many there are, a class.
    """
    return labels >= ENOUGH and (device.type != "cpu" or median_side < TINY)


def decide(settings: Settings, regime: Regime, median_side: int, device: torch.device) -> Plan:
    """Settle what is trained. "auto" is frozen until a trial has spoken for the whole network.

    Args:
        settings: of the workspace.
        regime: as asked for.
        median_side: median of the images' longer sides, in pixels.
        device: where it will run.
    """
    gpu, finetune = device.type != "cpu", regime == "finetune"
    side = GPU_SIDE if gpu else CPU_SIDE
    if not finetune:
        backbone, size = _frozen(settings, median_side, side)
    elif settings.backbone not in ("auto", *FROZEN) and not stays_frozen(settings.backbone):
        backbone, size = settings.backbone, min(side, median_side)
    elif median_side <= TINY or not gpu:
        backbone, size = "small_cnn", min(TINY, median_side)
    else:
        backbone, size = PRETRAINED, side
    size = max(8, -(-size // 4) * 4)  # networks halve the side twice or more
    return Plan(
        "finetune" if finetune else "frozen",
        backbone,
        size,
        settings.preset,
        settings.steps,
        device,
    )


def _frozen(settings: Settings, median_side: int, most: int) -> tuple[str, int]:
    """The network that sees the images as it is, and how many pixels a side it is shown."""
    asked = settings.backbone
    backbone = asked if asked in FROZEN or stays_frozen(asked) else SEEN
    if settings.side:
        return backbone, settings.side
    return backbone, max(64, min(GPU_SIDE if backbone == CLOSELY else most, median_side))
