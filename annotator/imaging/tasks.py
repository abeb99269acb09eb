"""What is done with an opened image: each task gives a word and bytes, as a pipe carries them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from annotator.imaging import values
from annotator.imaging.intact import is_plain
from annotator.imaging.letterbox import letterbox
from annotator.imaging.shown.numbers import packed
from annotator.imaging.upright import orientation, upright

BROWSER = {
    "GIF": "image/gif",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a camera's JPEG with more pictures behind the first
    "PNG": "image/png",
    "WEBP": "image/webp",
}
SHOWN_PIXELS = 24_000_000  # larger ones are shown reduced: a browser holds four bytes a pixel
GRAY_TOLERANCE = 8  # of 255: JPEG leaves a trace of color in a gray scan
SMALLEST = (1, 1)  # whether a JPEG decodes to its end is seen at an eighth of its size, too
GLANCE = 128  # pixels a side at which color is looked for

Answer = tuple[str, bytes]


def check(image: Image.Image) -> Answer:
    """See that the first frame decodes; the word is its upright width and height, and a note."""
    width, height = image.size
    if not is_plain(image):
        image.draft(None, SMALLEST)
        image.load()
        if orientation(image) >= 5:  # lying on its side
            width, height = height, width
    return f"{width} {height} {_note(image)}", b""


def _note(image: Image.Image) -> str:
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return ""
    return "several pages: first page" if image.format == "TIFF" else "animated: first frame"


def array(image: Image.Image, size: int, channels: int) -> Answer:
    """Pixels (channels, size, size) uint8, letterboxed; one channel is gray, three are RGB."""
    picture = letterbox(_in(upright(image), "L" if channels == 1 else "RGB"), size)
    pixels = np.asarray(picture)
    return "", (pixels if channels == 1 else pixels.transpose(2, 0, 1)).tobytes()


def gray(image: Image.Image) -> Answer:
    """The word is "gray" or "color", whatever the format says."""
    picture = upright(image)
    if picture.mode == "L":
        return "gray", b""
    picture.thumbnail((GLANCE, GLANCE))
    pixels = np.asarray(picture, dtype=np.int16)
    return "gray" if np.ptp(pixels, axis=2).max() <= GRAY_TOLERANCE else "color", b""


def picture(image: Image.Image) -> Answer:
    """What an expert should see, the same as the models see; the word is its MIME type.

    No bytes stand for those of the file, where a browser shows them faithfully. What is very large
    is reduced.
    """
    mime = BROWSER.get(image.format or "")
    moving = image.format != "MPO" and getattr(image, "is_animated", False)
    plain = image.mode in ("1", "L", "P", "RGB") and not image.has_transparency_data
    plain = plain and values.of(image) is None  # no browser knows of the note
    # Browsers agree on the orientation of JPEG files only.
    turned = mime != "image/jpeg" and orientation(image) != 1
    pixels = image.width * image.height
    if pixels > SHOWN_PIXELS:
        scale = (SHOWN_PIXELS / pixels) ** 0.5
        return thumbnail(image, int(scale * max(image.size)))
    if mime and plain and not moving and not turned:
        return mime, b""
    return drawn(image)


def drawn(image: Image.Image) -> Answer:
    """A PNG made from the pixels; the word is its MIME type."""
    return "image/png", _encoded(upright(image), "PNG", compress_level=1)


def thumbnail(image: Image.Image, side: int) -> Answer:
    """A JPEG that fits into side x side, never enlarged; the word is its MIME type."""
    picture = upright(image)
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    return "image/jpeg", _encoded(picture, "JPEG", quality=88)


def display(image: Image.Image, side: int) -> Answer:
    """As `thumbnail`, in the file's own colors and sharp; the word is its MIME type."""
    # The profile of a picture in other channels would be wrong for what is made of it
    profile = image.info.get("icc_profile") if image.mode in ("L", "RGB") else None
    picture = upright(image)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return "image/jpeg", _encoded(picture, "JPEG", quality=88, icc_profile=profile)


def numbers(image: Image.Image) -> Answer:
    """The numbers of a deep picture; the word is empty."""
    return "", packed(image)


def _in(picture: Image.Image, mode: str) -> Image.Image:
    """In this mode, without a copy where it is in it already."""
    return picture if picture.mode == mode else picture.convert(mode)


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    # Pillow would write the comments of the file that the pixels come from
    picture.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


TASKS: dict[str, Callable[..., Answer]] = {
    "array": array,
    "check": check,
    "display": display,
    "drawn": drawn,
    "gray": gray,
    "numbers": numbers,
    "picture": picture,
    "thumbnail": thumbnail,
}
