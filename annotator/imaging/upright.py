"""Any accepted image as 8-bit gray or RGB, the right way up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.imaging import values

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
    deep gray (16 or 32 bits, floats) is windowed; so is what has a note about its values.
    """
    noted = image.mode == "L" and values.of(image) is not None
    picture = windowed(image) if noted or image.mode in DEEP else _flat(image)
    turn = TURNS.get(orientation(image))
    return picture if turn is None else picture.transpose(turn)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where it is absent or unreadable."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged metadata may raise anything, and the pixels are still good
        return 1


def windowed(image: Image.Image) -> Image.Image:
    """Scale deep gray to 8 bits: by the window that the file notes, else by percentiles.

    The 0.5th percentile becomes black, the 99.5th white. NaN becomes black. Where the percentiles
    coincide (a sparse mask), the full range is used; an image of one value becomes middle gray.
    """
    told = values.of(image) or values.Values()
    stored = np.asarray(image)
    gray = told.gray(stored)
    if gray is None:
        gray = stored if stored.dtype == np.uint8 else _between_percentiles(stored)
        if bool(told.inverted) != (told.slope < 0):
            gray = 255 - gray
    return Image.fromarray(gray)


def _between_percentiles(stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    scaled = np.array(stored, dtype=np.float64)
    if not np.isfinite(scaled).any():
        return np.zeros(scaled.shape, np.uint8)
    low, high = ends(scaled)
    if high <= low:
        return np.full(scaled.shape, 128, np.uint8)
    np.nan_to_num(scaled, copy=False, nan=low, posinf=high, neginf=low)
    np.clip(scaled, low, high, out=scaled)
    scaled -= low
    scaled *= 255 / (high - low)
    return np.rint(scaled).astype(np.uint8)


def ends(stored: NDArray[np.generic]) -> tuple[float, float]:
    """The values that become black and white where a file names none; both 0 without a number."""
    scaled = np.asarray(stored, dtype=np.float64)
    finite = scaled[np.isfinite(scaled)]
    if not finite.size:
        return 0.0, 0.0
    low, high = np.percentile(finite[:: -(-finite.size // SAMPLE)], (0.5, 99.5))
    if high <= low:
        low, high = finite.min(), finite.max()
    return float(low), float(high)


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
