"""From a stored image to pixels: arrays for models, bytes for browsers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.errors import WorkspaceError
from annotator.imaging.metadata import UnclearError, split
from annotator.imaging.quiet import quiet
from annotator.imaging.upright import FORMATS, orientation, upright

Pixels = NDArray[np.uint8]
Channels = Literal[1, 3]

BROWSER = {
    "GIF": "image/gif",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a camera's JPEG with more pictures behind the first
    "PNG": "image/png",
    "WEBP": "image/webp",
}
WORKERS = min(4, os.cpu_count() or 1)  # a decoded image may take hundreds of megabytes
GRAY_TOLERANCE = 8  # of 255: JPEG leaves a trace of color in a gray scan


def load_array(path: Path, size: int, channels: Channels) -> Pixels:
    """Decode to (channels, size, size) uint8, letterboxed; one channel is gray, three are RGB.

    Raises:
        WorkspaceError: the file is gone or damaged.
    """
    with _opened(path, size) as image:
        pixels = np.array(letterbox(upright(image).convert("L" if channels == 1 else "RGB"), size))
    return pixels[None] if channels == 1 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def load_many(
    paths: Sequence[Path], size: int, channels: Channels, chunk: int = 256
) -> Iterator[Pixels]:
    """Yield (b, channels, size, size) uint8 with b <= chunk, in the order of `paths`.

    Raises:
        WorkspaceError: a file is gone or damaged; the message names it.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(paths), chunk):
            part = paths[start : start + chunk]
            yield np.stack(list(pool.map(lambda path: load_array(path, size, channels), part)))


def is_gray(path: Path) -> bool:
    """Say whether an image carries no color, whatever its format says.

    Raises:
        WorkspaceError: the file is gone or damaged.
    """
    with _opened(path, 128) as image:
        picture = upright(image)
        if picture.mode == "L":
            return True
        picture.thumbnail((128, 128))
        pixels = np.asarray(picture, dtype=np.int16)
        return bool(np.ptp(pixels, axis=2).max() <= GRAY_TOLERANCE)


def first_in_color(paths: Sequence[Path], chunk: int = 256) -> int | None:
    """The place of the first image that carries color; None if all are gray.

    Raises:
        WorkspaceError: a file is gone or damaged; the message names it.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(paths), chunk):
            gray = list(pool.map(is_gray, paths[start : start + chunk]))
            if not all(gray):
                return start + gray.index(False)
    return None


def for_browser(path: Path) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of what an expert should see: the same as the models see.

    The original where a browser shows it faithfully, else a PNG made from the pixels; either
    without metadata.

    Raises:
        WorkspaceError: the file is gone or damaged.
    """
    with _opened(path) as image:
        mime = BROWSER.get(image.format or "")
        moving = image.format != "MPO" and getattr(image, "is_animated", False)
        plain = image.mode in ("1", "L", "P", "RGB") and not image.has_transparency_data
        # Browsers agree on the orientation of JPEG files only.
        turned = mime != "image/jpeg" and orientation(image) != 1
        if mime and plain and not moving and not turned:
            with suppress(UnclearError):
                return split(path.read_bytes(), str(image.format), orientation(image))[0], mime
        return _encoded(upright(image), "PNG", compress_level=1), "image/png"


def thumbnail(path: Path, side: int) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of a JPEG that fits into side x side; never enlarged.

    Raises:
        WorkspaceError: the file is gone or damaged.
    """
    with _opened(path, side) as image:
        picture = upright(image)
        picture.thumbnail((side, side), Image.Resampling.BILINEAR)
        return _encoded(picture, "JPEG", quality=88), "image/jpeg"


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


@contextmanager
def _opened(path: Path, size: int | None = None) -> Iterator[Image.Image]:
    """Open an image; with `size`, a JPEG may be decoded small, but not below twice that size."""
    try:
        with quiet(), Image.open(path, formats=FORMATS) as image:
            if size is not None:
                image.draft(None, (2 * size, 2 * size))
            yield image
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise WorkspaceError(
            f"The image {path} cannot be read ({problem}). "
            "Import its source again: what is missing is restored."
        ) from problem


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    # Pillow would write the comments of the file that the pixels come from
    picture.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
