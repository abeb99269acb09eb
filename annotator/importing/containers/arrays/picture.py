"""One image of an array as a PNG file: 8 bits gray or color, 16 bits gray; nothing is rescaled."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.errors import ImportingError
from annotator.imaging import bounded
from annotator.imaging.bounded import MOST_PIXELS

COLOR = 3
FAST = 1  # of zlib's levels: images of arrays are small and many

SCALED = "np.clip(images * 255, 0, 255).round().astype(np.uint8)"
WAYS_OUT = {
    "f": f"They are floats, and only you know which value is white: if that is 1, `{SCALED}`",
    "i": "If they are shades of 0 to 255, `images.astype(np.uint8)`; of up to 65535, `np.uint16`",
    "u": "If they are shades of 0 to 255, `images.astype(np.uint8)`; of up to 65535, `np.uint16`",
    "b": "They are true or false: `images.astype(np.uint8) * 255`",
    "O": "They are objects of Python, which are never unpickled: make an array of them",
}


def check(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Judge an array of images by what its header says.

    Args:
        name: of the file, and of the array in it.
        shape: (N, H, W), (N, H, W, 1) or (N, H, W, 3).
        dtype: uint8, or uint16 where it is gray.

    Raises:
        ImportingError: it is of another shape or kind; the message says how to make it one.
    """
    need = "Images must be (N, H, W) or (N, H, W, 3)"
    if len(shape) == COLOR and shape[-1] == COLOR:
        raise ImportingError(
            f"{name} is {shape}, which may be one color image. {need}: `images[None]` makes one of "
            "many, and `images[..., None]` tells that they are gray and 3 pixels wide."
        )
    if len(shape) == 2:
        raise ImportingError(
            f"{name} is {shape}. {need}: `images[None]` if it is one gray image; if its rows are "
            "embeddings, `certilabel import WORKSPACE --embeddings FILE`."
        )
    if len(shape) not in (3, 4) or (len(shape) == 4 and shape[-1] not in (1, COLOR)):
        out = " `images.transpose(0, 2, 3, 1)` puts color last." if _first(shape) else ""
        out = out or (" `images[..., :3]` leaves alpha out." if shape[-1:] == (4,) else "")
        raise ImportingError(f"{name} is {shape}. {need}.{out}")
    if dtype.kind == "u" and dtype.itemsize == 1:
        pass
    elif dtype.kind == "u" and dtype.itemsize == 2:
        if shape[3:] == (COLOR,):
            raise ImportingError(
                f"{name} is color of 16 bits, of which PNG files here keep 8: "
                "`(images >> 8).astype(np.uint8)` takes the upper ones."
            )
    else:
        out = WAYS_OUT.get(dtype.kind, "Make them uint8")
        raise ImportingError(f"{name} is {dtype}. {out}.")
    if shape[1] * shape[2] > MOST_PIXELS:
        raise ImportingError(f"{name}: {bounded.too_large(f'{shape[2]} × {shape[1]}')}")


def _first(shape: tuple[int, ...]) -> bool:
    return len(shape) == 4 and shape[1] in (1, COLOR)


def png(image: NDArray[Any]) -> bytes:
    """The file of one image (H, W), (H, W, 1) or (H, W, 3) that `check` lets pass."""
    plain = image[..., 0] if image.shape[2:] == (1,) else image
    target = np.uint8 if image.dtype.itemsize == 1 else np.dtype("<u2")
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(plain, target)).save(buffer, "PNG", compress_level=FAST)
    return buffer.getvalue()


def of(path: Path, member: str) -> str:
    """What an array is called in a message."""
    return f"{path}: '{member}'" if member else str(path)
