"""A picture file made from an array: exact values, packed without loss, and what they mean."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

from annotator.imaging.bounded import MOST_PIXELS, too_large
from annotator.imaging.reading.page import Unread
from annotator.imaging.values import KEY, TAG, Values

SMALLEST_SIDE = 4  # pixels
LONG_NOTE = 1000  # characters from which it is packed
TWELVE_BITS = 4095
ROWS = 256  # that are reduced at once: as doubles they are large


class Made(NamedTuple):
    """A whole picture file."""

    content: bytes
    suffix: str
    note: str = ""  # what of the values is lost
    windows: tuple[tuple[float, float], ...] | None = None  # see `Page`


def check_size(width: int, height: int) -> None:
    """Refuse a page before it is decoded.

    Raises:
        Unread: it is too large or too small.
    """
    if width * height > MOST_PIXELS:
        raise Unread(too_large(f"{width} × {height}"))
    if min(width, height) < SMALLEST_SIDE:
        raise Unread(
            f"too small: {width} × {height} pixels, at least {SMALLEST_SIDE} a side needed"
        )


def gray(stored: NDArray[Any], told: Values, lowest: int = 0) -> Made:
    """One channel as it is: PNG of 8 or 16 bits, or TIFF of 32 where its values need more.

    Args:
        stored: (height, width) whole numbers or floats.
        told: what they mean.
        lowest: what numbers of this kind begin at, where they have a sign.
    """
    stored = np.ascontiguousarray(stored.astype(stored.dtype.newbyteorder("="), copy=False))
    if stored.dtype.kind == "b":
        return _png(stored.astype(np.uint8) * 255, told)
    if stored.dtype.kind == "f":
        return _floats(stored, told)
    low, high = int(stored.min()), int(stored.max())
    if stored.dtype == np.uint8:
        return _png(stored, told)
    bits = 8 if stored.dtype == np.int8 else 16
    for base in (0, lowest, low):
        if base <= low and high - base < 2**bits:
            return _png(_less(stored, base, np.uint8 if bits == 8 else np.uint16), told.moved(base))
    base = 0 if low >= -(2**31) and high < 2**31 else low + 2**31
    if high - base < 2**31:
        return _tiff(_less(stored, base, np.int32), told.moved(base))
    return _floats(stored.astype(np.float64), told)


def _less(stored: NDArray[Any], base: int, kind: type[np.generic]) -> NDArray[Any]:
    """Numbers less a base, in the type that holds them."""
    return (stored.astype(np.int64) - base).astype(kind) if base else stored.astype(kind)


def _floats(stored: NDArray[Any], told: Values) -> Made:
    with np.errstate(over="ignore"):
        single = stored.astype(np.float32)
    lost = not np.array_equal(single.astype(stored.dtype), stored, equal_nan=True)
    return _tiff(single, told, "values of 64 bits are rounded to 32" if lost else "")


def color(pixels: NDArray[Any], bits: int, profile: bytes | None = None) -> Made:
    """(height, width, 3) whole numbers below 2 ** bits as a PNG of 8 bits a channel."""
    note = ""
    if bits > 8:
        top = 2**bits - 1
        note = f"color of {bits} bits is reduced to 8"
        if bits == 16 and int(pixels.max()) <= TWELVE_BITS:
            top, note = TWELVE_BITS, "color of 12 bits in 16 is reduced to 8"
        reduced = np.empty(pixels.shape, np.uint8)
        for row in range(0, len(pixels), ROWS):
            some = pixels[row : row + ROWS].astype(np.float64)
            reduced[row : row + ROWS] = np.rint(some * (255 / top)).clip(0, 255)
        pixels = reduced
    return save(Image.fromarray(pixels.astype(np.uint8)), profile)._replace(note=note)


def save(picture: Image.Image, profile: bytes | None = None) -> Made:
    """A picture in a mode of PNG, without what else its file said."""
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    file = BytesIO()
    picture.save(file, "PNG", icc_profile=profile)
    return Made(file.getvalue(), ".png")


def _png(stored: NDArray[Any], told: Values) -> Made:
    noted = PngImagePlugin.PngInfo()
    if told != Values():
        noted.add_text(KEY, told.note(), zip=len(told.note()) > LONG_NOTE)
    file = BytesIO()
    Image.fromarray(stored).save(file, "PNG", pnginfo=noted)
    return Made(file.getvalue(), ".png")


def _tiff(stored: NDArray[Any], told: Values, note: str = "") -> Made:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    if told != Values():
        tags[TAG] = told.note()
        tags.tagtype[TAG] = 2
    file = BytesIO()
    Image.fromarray(stored).save(file, "TIFF", compression="tiff_adobe_deflate", tiffinfo=tags)
    return Made(file.getvalue(), ".tif", note)
