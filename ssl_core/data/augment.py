"""Augmentation of a whole batch at once: each image draws its own changes, on its device."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ssl_core.data.jpeg import compressed
from ssl_core.data.presets import Preset, Strength


def weak(images: Tensor, preset: Preset, generator: Generator) -> Tensor:
    """Return lightly changed copies: images (N, C, H, W) float in [0, 1], likewise the result."""
    return _change(images, preset, preset.weak, generator)


def strong(images: Tensor, preset: Preset, generator: Generator) -> Tensor:
    """Return strongly changed copies: images (N, C, H, W) float in [0, 1], likewise the result."""
    return _change(images, preset, preset.strong, generator)


def _change(images: Tensor, preset: Preset, strength: Strength, generator: Generator) -> Tensor:
    images = _move(images, preset, strength, generator)
    images = _shade(images, strength, generator)
    if strength.blur:
        amount = torch.rand(len(images), 1, 1, 1, device=images.device, generator=generator)
        images = images.lerp(F.avg_pool2d(images, 3, 1, 1, count_include_pad=False),
                             amount * strength.blur)  # fmt: skip
    if strength.noise:
        grain = torch.randn(images.shape, device=images.device, generator=generator)
        images = images + grain * (_draw(images, 1, generator).abs() * strength.noise)
    images = images.clamp(0, 1)
    if strength.jpeg:
        loss = torch.rand(len(images), device=images.device, generator=generator) * strength.jpeg
        images = compressed(images, (100 - loss).clamp_min(1))
    return _cut_out(images, strength.cutout, generator) if strength.cutout else images


def _draw(images: Tensor, channels: int, generator: Generator) -> Tensor:
    """Uniform in [-1, 1), one an image (and channel): (N, channels, 1, 1)."""
    shape = (len(images), channels, 1, 1)
    return torch.rand(shape, device=images.device, generator=generator) * 2 - 1


def _move(images: Tensor, preset: Preset, strength: Strength, generator: Generator) -> Tensor:
    """Rotate, scale, shear, shift and flip by one resampling."""
    n, _, height, width = images.shape
    draw = torch.rand(8, n, device=images.device, generator=generator) * 2 - 1
    angle = draw[0] * math.radians(strength.rotation)
    size = torch.exp(draw[1] * math.log1p(strength.scale))
    slant = draw[2] * strength.shear
    across = torch.where(draw[6] < 0, -1.0, 1.0) if preset.flip_horizontal else 1.0
    down = torch.where(draw[7] < 0, -1.0, 1.0) if preset.flip_vertical else 1.0
    # Output coordinates run from -1 to 1 on both axes, so a turn of a non-square image must be
    # made in pixels: scale x by the aspect ratio before it and back after.
    aspect = width / height
    cos, sin = angle.cos() * size, angle.sin() * size
    matrix = torch.stack(
        [cos * across, (slant * cos - sin) / aspect * down, draw[3] * strength.shift * 2,
         sin * aspect * across, (slant * sin + cos) * down, draw[4] * strength.shift * 2]
    )  # fmt: skip
    grid = F.affine_grid(matrix.T.reshape(n, 2, 3), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode=preset.edge, align_corners=False)


def _shade(images: Tensor, strength: Strength, generator: Generator) -> Tensor:
    """Change gamma, contrast, brightness and color balance."""
    if strength.gamma:
        power = torch.exp(_draw(images, 1, generator) * strength.gamma)
        images = images.clamp_min(1e-4).pow(power)
    if not (strength.contrast or strength.brightness or strength.color):
        return images
    gain = 1 + _draw(images, 1, generator) * strength.contrast
    lift = 0.5 - 0.5 * gain + _draw(images, 1, generator) * strength.brightness
    if strength.color:
        gain = gain * (1 + _draw(images, images.shape[1], generator) * strength.color)
    return torch.addcmul(lift, images, gain)


def _cut_out(images: Tensor, largest: float, generator: Generator) -> Tensor:
    """Fill a square of each image with its mean (DeVries & Taylor, 2017)."""
    n, _, height, width = images.shape
    draw = torch.rand(3, n, 1, device=images.device, generator=generator)
    half = draw[0] * (largest * min(height, width) / 2)
    rows = torch.arange(height, device=images.device) + 0.5
    columns = torch.arange(width, device=images.device) + 0.5
    inside_rows = (rows - draw[1] * height).abs() < half
    inside_columns = (columns - draw[2] * width).abs() < half
    square = (inside_rows[:, :, None] & inside_columns[:, None, :])[:, None]
    return torch.where(square, images.mean((1, 2, 3), keepdim=True), images)
