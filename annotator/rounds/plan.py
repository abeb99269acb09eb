"""What a round trains: which network, at which size, on which device, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from annotator.model import Settings

TINY = 64  # longer side in pixels; below it a small network from scratch beats frozen features
CPU_SIDE = 128  # pixels: larger images are embedded at this size without a GPU
GPU_SIDE = 224
HEAD = "mlp"  # what learns on frozen features
PRETRAINED = "efficientnet_lite0"  # trained whole
FROZEN = "multilevel_lite0"  # the same network, read at three depths


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions of one round. A round that is resumed decides alike."""

    regime: Literal["frozen", "finetune"]
    backbone: str  # a name in BACKBONES: frozen, or trained whole
    size: int  # pixels a side
    preset: str
    steps: int
    device: torch.device


def decide(settings: Settings, regime: str, median_side: int, device: torch.device) -> Plan:
    """Settle what is "auto".

    Tiny images are fine-tuned on a small network even on a CPU; larger ones keep a frozen
    pretrained backbone unless there is a GPU.

    Args:
        settings: of the workspace.
        regime: "auto", "frozen" or "finetune".
        median_side: median of the images' longer sides, in pixels.
        device: where it will run.
    """
    gpu = device.type != "cpu"
    finetune = regime == "finetune" or (regime == "auto" and (gpu or median_side < TINY))
    side = GPU_SIDE if gpu else CPU_SIDE
    if not finetune:
        backbone = FROZEN
        size = max(64, min(side, median_side))
    elif settings.backbone != "auto":
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
