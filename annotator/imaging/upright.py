"""Any accepted image as 8-bit gray or RGB, the right way up."""

from __future__ import annotations

import numpy as np
from PIL import Image

# What import accepts, by Pillow's names of formats and modes.
FORMATS = ("BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
PLAIN = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr"})
DEEP = frozenset({"F", "I", "I;16", "I;16B", "I;16L", "I;16N"})

ORIENTATION = 0x0112  # the EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SAMPLE = 4_000_000  # values that percentiles are taken from


def upright(image: Image.Image) -> Image.Image:
    """Turn an image of any accepted mode into one of mode L or RGB, by its EXIF orientation.

    Transparency lies on white, CMYK becomes RGB, of an animation the current frame is taken, and
    deep gray (16 or 32 bits, floats) is windowed.
    """
    picture = windowed(image) if image.mode in DEEP else _flat(image)
    turn = TURNS.get(orientation(image))
    return picture if turn is None else picture.transpose(turn)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where it is absent or unreadable."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged metadata may raise anything, and the pixels are still good
        return 1


def windowed(image: Image.Image) -> Image.Image:
    """Scale deep gray to 8 bits: the 0.5th percentile becomes black, the 99.5th white.

    NaN becomes black. Where the percentiles coincide (a sparse mask), the full range is used; an
    image of one value becomes middle gray.
    """
    values = np.array(image, dtype=np.float64)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Image.fromarray(np.zeros(values.shape, np.uint8))
    low, high = np.percentile(finite[:: -(-finite.size // SAMPLE)], (0.5, 99.5))
    if high <= low:
        low, high = finite.min(), finite.max()
    if high <= low:
        return Image.fromarray(np.full(values.shape, 128, np.uint8))
    np.nan_to_num(values, copy=False, nan=low, posinf=high, neginf=low)
    np.clip(values, low, high, out=values)
    values -= low
    values *= 255 / (high - low)
    return Image.fromarray(np.rint(values).astype(np.uint8))


def _flat(image: Image.Image) -> Image.Image:
    """Turn plain modes into L or RGB, transparency over white."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if image.mode in ("L", "RGB"):  # a large one is not copied for nothing
        image.load()
        return image
    return image.convert("L" if image.mode == "1" else "RGB")
