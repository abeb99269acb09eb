"""JPEG's loss (Wallace, 1991) on a whole batch: blocks of 8 x 8 cosines, rounded coarsely."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 8
# The standard's example tables (annex K) at quality 50, row by row: coarser where eyes see less
LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
CHROMA = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, *(99,) * 32,
)  # fmt: skip
TO_YCBCR = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))


def compressed(images: Tensor, quality: Tensor) -> Tensor:
    """Return images (N, C, H, W) in [0, 1] as they come out of a JPEG file, likewise in [0, 1].

    `quality` (N,) is 1 to 100, an image's own. Three channels are coded as brightness and two
    colors at full resolution (4:4:4), any other number each as brightness.
    """
    channels, height, width = images.shape[1:]
    color = channels == 3
    tables = torch.tensor((LUMA, CHROMA, CHROMA) if color else (LUMA,), device=images.device)
    step = _scaled(tables.to(images.dtype), quality)  # (N, 1 or C, 64)
    levels = images * 255
    turn = torch.tensor(TO_YCBCR, device=images.device, dtype=images.dtype)
    if color:
        levels = torch.einsum("dc,nchw->ndhw", turn, levels)
    # Around zero, where the coder works; the two colors are there already
    middle = levels.new_tensor((128, 0, 0) if color else (128,)).view(-1, 1, 1)
    padding = (0, -width % SIDE, 0, -height % SIDE)
    padded = F.pad(levels - middle, padding, mode="replicate")
    cosines = _cosines().to(images)
    waves = _blocks(padded) @ cosines.T
    step = step[:, :, None, None]
    rounded = (waves / step).round() * step
    levels = _joined(rounded @ cosines)[..., :height, :width] + middle
    if color:
        levels = torch.einsum("dc,nchw->ndhw", torch.linalg.inv(turn), levels)
    return (levels / 255).clamp(0, 1)


def _scaled(tables: Tensor, quality: Tensor) -> Tensor:
    """Scale tables (T, 64) for quality (N,) as the Independent JPEG Group does: (N, T, 64)."""
    percent = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    return ((tables * percent + 50) / 100).floor().clamp(1, 255)


def _cosines() -> Tensor:
    """Return the 64 orthonormal waves of a block, (64, 64), a row each."""
    place = torch.arange(SIDE)
    wave = torch.cos((2 * place[None] + 1) * place[:, None] * math.pi / (2 * SIDE))
    wave *= torch.where(place == 0, math.sqrt(1 / SIDE), math.sqrt(2 / SIDE))[:, None]
    cosines: Tensor = torch.kron(wave, wave)
    return cosines


def _blocks(x: Tensor) -> Tensor:
    """Cut (N, C, H, W) into blocks: (N, C, H / 8, W / 8, 64)."""
    n, channels, height, width = x.shape
    cut = x.reshape(n, channels, height // SIDE, SIDE, width // SIDE, SIDE)
    blocks: Tensor = cut.transpose(3, 4).flatten(4)
    return blocks


def _joined(blocks: Tensor) -> Tensor:
    """Undo `_blocks`."""
    n, channels, rows, columns, _ = blocks.shape
    cut = blocks.reshape(n, channels, rows, columns, SIDE, SIDE).transpose(3, 4)
    return cut.reshape(n, channels, rows * SIDE, columns * SIDE)
