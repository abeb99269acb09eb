"""Which changes leave the class alone: named augmentation strengths, one set a domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ssl_core.errors import unknown


@dataclass(frozen=True, slots=True)
class Strength:
    """How far one view may stray. Every image draws its own values, uniformly, up to these."""

    rotation: float = 0.0  # degrees, either way
    shift: float = 0.0  # share of the side, either way
    scale: float = 0.0  # share, larger or smaller
    shear: float = 0.0  # tangent of the slant, either way
    brightness: float = 0.0  # added or taken, images being in [0, 1]
    contrast: float = 0.0  # share, more or less, around middle gray
    gamma: float = 0.0  # exponent exp(±gamma)
    color: float = 0.0  # share by which each channel is scaled on its own: stain, white balance
    blur: float = 0.0  # 0 none to 1: replaced by its 3 x 3 mean
    noise: float = 0.0  # standard deviation of pixel noise
    jpeg: float = 0.0  # points of JPEG quality lost, of 100: paper that was scanned and mailed
    cutout: float = 0.0  # side of a gray square, share of the image's side


@dataclass(frozen=True, slots=True)
class Preset:
    """A domain's weak and strong views."""

    weak: Strength
    strong: Strength
    flip_horizontal: bool = False
    flip_vertical: bool = False
    edge: Literal["border", "reflection"] = "border"  # what comes in when an image moves


PRESETS: dict[str, Preset] = {
    "photo": Preset(
        weak=Strength(shift=0.1),
        strong=Strength(
            rotation=25, shift=0.15, scale=0.2, shear=0.15, brightness=0.25, contrast=0.5,
            color=0.25, blur=0.5, cutout=0.5,
        ),
        flip_horizontal=True,
        edge="reflection",
    ),
    "xray": Preset(  # never mirrored: the heart is on the left
        weak=Strength(rotation=3, shift=0.04, scale=0.03),
        strong=Strength(
            rotation=12, shift=0.08, scale=0.12, shear=0.05, brightness=0.15, contrast=0.4,
            gamma=0.4, blur=0.4, noise=0.03, cutout=0.3,
        ),
    ),
    "microscopy": Preset(  # a slide has no upright
        weak=Strength(rotation=180, shift=0.04),
        strong=Strength(
            rotation=180, shift=0.1, scale=0.15, shear=0.1, brightness=0.15, contrast=0.35,
            color=0.2, blur=0.5, noise=0.03, cutout=0.35,
        ),
        flip_horizontal=True,
        flip_vertical=True,
        edge="reflection",
    ),
    "document": Preset(  # never mirrored: text has a direction
        weak=Strength(rotation=1, shift=0.02, scale=0.02),
        strong=Strength(
            rotation=4, shift=0.05, scale=0.1, shear=0.05, brightness=0.2, contrast=0.4,
            gamma=0.3, blur=0.8, noise=0.06, jpeg=80, cutout=0.3,
        ),
    ),
    "handwriting": Preset(
        weak=Strength(rotation=4, shift=0.06, scale=0.05),
        strong=Strength(
            rotation=20, shift=0.12, scale=0.2, shear=0.25, brightness=0.1, contrast=0.4,
            blur=0.5, cutout=0.4,
        ),
    ),
}  # fmt: skip


def preset(name: str) -> Preset:
    """Return the preset called `name`.

    Raises:
        SSLError: no such preset; the message lists them.
    """
    if name not in PRESETS:
        raise unknown("augmentation preset", name, PRESETS)
    return PRESETS[name]
