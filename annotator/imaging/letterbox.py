"""Any picture in a square, its aspect ratio kept, on the color of its own border."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image


def letterbox(picture: Image.Image, size: int) -> Image.Image:
    """Fit an L or RGB picture into size x size, centered on the median color of its border.

    The aspect ratio is kept: stretching would change what a cell or a letter looks like. The
    border's color makes the padding of a document paper-white and that of a scan black.
    """
    if picture.size == (size, size):
        return picture
    scale = size / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    small = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    if width == height:
        return small
    pixels = np.asarray(small)
    sides = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    fill = np.median(np.concatenate(sides), axis=0).astype(int)
    color: Any = int(fill) if picture.mode == "L" else tuple(fill.tolist())
    canvas = Image.new(picture.mode, (size, size), color)
    canvas.paste(small, ((size - width) // 2, (size - height) // 2))
    return canvas
