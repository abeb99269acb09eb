"""A PNG file with the pixels of another image file: each value as it was, where PNG can hold it."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from annotator.imaging import bounded
from annotator.imaging.budget import BUDGET, needed
from annotator.imaging.quiet import quiet
from annotator.imaging.reading.depth import cut
from annotator.imaging.upright import DEEP, FORMATS, TURNS, orientation

HELD = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})  # modes that PNG holds as they are
DEEPEST = 2**16 - 1
KEPT = ("icc_profile", "transparency")  # what changes how pixels look

SIGNATURE = b"\x89PNG\r\n\x1a\n"

SAME = ""
FIRST = "of several pages or frames the first"
DRAWN = "as people saw it, in 8 bits"


def as_png(content: bytes) -> tuple[bytes, str]:
    """The image as PNG, lying as people saw it; and what is not as it was, in words, or SAME.

    Of several pages or frames it is the first, which is what people and models saw. What PNG cannot
    hold (floats, 32 bits, ink) becomes the picture that they saw.

    Raises:
        Exception: whatever a decoder fed with damaged bytes raises.
    """
    with quiet(), Image.open(BytesIO(content), formats=FORMATS) as image:
        several = FIRST if int(getattr(image, "n_frames", 1)) > 1 else ""
        less = cut(content, image.format or "", image.mode)
        with BUDGET.hold(needed(image)):
            held = _held(image)
            if held is not None:
                return _encoded(held), _joined(less, several)
    return bounded.done(content, "drawn")[1], _joined(DRAWN, several)


def _joined(*lost: str) -> str:
    return ", ".join(filter(None, lost)) or SAME


def is_png_of(content: bytes, original: bytes) -> bool:
    """Whether `content` is the PNG file that an image was converted to, by whatever version."""
    if not content.startswith(SIGNATURE):
        return False
    try:
        made, _ = as_png(original)
        return made == content or _pixels(made) == _pixels(content)
    except Exception:  # a decoder fed with odd bytes may raise anything
        return False


def _pixels(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    """Mode, size and values of a PNG file."""
    bounded.done(content, "check")  # it may be a trap
    with quiet(), Image.open(BytesIO(content), formats=["PNG"]) as image:
        colors = bytes(image.palette.palette) if image.palette else b""
        return image.mode, image.size, image.tobytes() + colors


def _held(image: Image.Image) -> Image.Image | None:
    """The first frame in a mode that PNG holds, upright; None where there is none."""
    image.load()  # Pillow turns TIFF files by itself
    turn = TURNS.get(orientation(image))
    if image.mode in HELD:
        picture = image.copy()
    elif image.mode in DEEP:
        values = np.asarray(image)
        if values.dtype.kind == "f" or values.min() < 0 or values.max() > DEEPEST:
            return None
        picture = Image.fromarray(values.astype(np.uint16))
    else:
        return None
    picture = picture if turn is None else picture.transpose(turn)
    picture.info = {key: value for key, value in image.info.items() if key in KEPT}
    return picture


def _encoded(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
