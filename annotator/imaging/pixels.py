"""From a stored image to pixels: arrays for models, bytes for browsers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.imaging import bounded, stored
from annotator.imaging.bare import bare
from annotator.imaging.metadata import UnclearError
from annotator.imaging.quiet import quiet
from annotator.imaging.tasks import GLANCE, Answer
from annotator.imaging.upright import FORMATS

Pixels = NDArray[np.uint8]
Channels = Literal[1, 3]

SHARP = 1.1  # times its size: what a picture for a stage is reduced from, at least
WORKERS = min(4, os.cpu_count() or 1)  # a decoded image may take hundreds of megabytes


def load_array(path: Path, size: int, channels: Channels) -> Pixels:
    """Decode to (channels, size, size) uint8, letterboxed; one channel is gray, three are RGB.

    Raises:
        Damaged: the file is gone, damaged, or another than its name says.
    """
    _, found = _done(path, stored.content(path), "array", size, channels, draft=size)
    return np.frombuffer(found, np.uint8).reshape(channels, size, size)


def load_many(
    paths: Sequence[Path], size: int, channels: Channels, chunk: int = 256
) -> Iterator[Pixels]:
    """Yield (b, channels, size, size) uint8 with b <= chunk, in the order of `paths`.

    Raises:
        Damaged: a file is gone or damaged; the message names it.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(paths), chunk):
            part = paths[start : start + chunk]
            yield np.stack(list(pool.map(lambda path: load_array(path, size, channels), part)))


def is_gray(path: Path) -> bool:
    """Say whether an image carries no color, whatever its format says.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return _done(path, stored.content(path), "gray", draft=GLANCE)[0] == "gray"


def all_gray(paths: Sequence[Path]) -> list[bool]:
    """Say of each image whether it carries no color.

    Raises:
        Damaged: a file is gone or damaged; the message names it.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(is_gray, paths))


def for_browser(path: Path) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of what an expert should see: the same as the models see.

    The original where a browser shows it faithfully, else a picture made from the pixels; either
    without metadata.

    Raises:
        Damaged: the file is gone or damaged.
    """
    content = stored.content(path)
    mime, found = _done(path, content, "picture")
    if not found:
        try:
            return bare(content), mime
        except UnclearError:
            mime, found = _done(path, content, "drawn")
    return found, mime


def thumbnail(path: Path, side: int) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of a JPEG that fits into side x side; never enlarged.

    Raises:
        Damaged: the file is gone or damaged.
    """
    mime, found = _done(path, stored.content(path), "thumbnail", side, draft=side)
    return found, mime


def display(path: Path, side: int) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of a JPEG for a stage: `side` pixels long, without metadata.

    Raises:
        Damaged: the file is gone or damaged.
    """
    content = stored.content(path)
    with _readable(path), quiet(), Image.open(BytesIO(content), formats=FORMATS) as image:
        # As small as a JPEG decodes by itself, but for a tenth to make it sharp from
        short = SHARP * side * min(image.size) / max(image.size)
        mime, found = bounded.on(image, content, "display", side, draft=ceil(short / 2))
    return found, mime


def numbers(path: Path) -> tuple[bytes, str]:
    """Give (bytes, MIME type) of the numbers of a deep picture; see `shown.numbers.packed`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return _done(path, stored.content(path), "numbers")[1], "application/gzip"


def _done(path: Path, content: bytes, task: str, *args: int, draft: int | None = None) -> Answer:
    with _readable(path):
        return bounded.done(content, task, *args, draft=draft)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise stored.Damaged(
            f"The image {path} cannot be read ({problem}). {stored.AGAIN}"
        ) from problem
