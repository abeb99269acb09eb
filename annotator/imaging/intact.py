"""Whether a PNG file is whole: told of plain ones in half the time that decoding takes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from annotator.imaging.metadata.piece import UnclearError
from annotator.imaging.metadata.png import chunks

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # of the colors of a PNG file, but for palettes
DEPTHS = (8, 16)
FILTERS = 5  # ways in which a PNG file may tell a line of pixels; the first byte of each line
TURNED = (b"eXIf", b"xmp", b"Raw profile")  # where a PNG file may say how it lies


def is_plain(image: Image.Image) -> bool:
    """Whether a file that was opened is a plain PNG file, whole, and lies the right way up.

    It is inflated, its lines are counted and their filters looked at: nothing else can fail in it.
    Of any other file, damaged or not, the answer is no, and the decoder judges.
    """
    return image.format == "PNG" and _is_whole(_content(image))


def _content(image: Image.Image) -> bytes:
    file = getattr(image, "fp", None)  # of a file that was opened
    if file is None:
        return b""
    at = file.tell()
    file.seek(0)
    content = file.read()
    file.seek(at)
    return bytes(content)


def _is_whole(content: bytes) -> bool:
    if any(mark in content for mark in TURNED):
        return False
    try:
        found = list(chunks(content))
    except UnclearError:
        return False
    kinds = [kind for kind, _, _ in found]
    packed = [content[place + 8 : end - 4] for kind, place, end in found if kind == b"IDAT"]
    before = kinds[: -1 - len(packed)]
    if kinds != [*before, *[b"IDAT"] * len(packed), b"IEND"] or found[-1][2] != len(content):
        return False
    if before[:1] != [b"IHDR"] or before.count(b"IHDR") > 1 or b"acTL" in before:
        return False
    width, height, depth, color, *_, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    if interlaced or depth not in DEPTHS or color not in CHANNELS:
        return False
    line = 1 + width * CHANNELS[color] * depth // 8
    lines = _inflated(packed, line * height)
    return lines is not None and np.frombuffer(lines, np.uint8)[::line].max() < FILTERS


def _inflated(packed: Sequence[bytes], length: int) -> bytes | None:
    """So many bytes, if there are just so many."""
    inflate, parts, room = zlib.decompressobj(), list[bytes](), length + 1
    try:
        for piece in packed:
            parts.append(inflate.decompress(piece, room))
            room -= len(parts[-1])
            if not room:
                return None
    except zlib.error:
        return None
    return b"".join(parts) if inflate.eof and room == 1 else None
