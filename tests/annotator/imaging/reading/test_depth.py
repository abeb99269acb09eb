"""Color of more than 8 bits is told, wherever Pillow cuts it without a word."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging.reading.depth import cut
from tests.annotator.pictures import GOOD, encoded, noise


def deep_png(kind: int, channels: int) -> bytes:
    """A PNG file of 16 bits a channel, 4 × 4."""
    rows = b"".join(b"\0" + bytes(range(4 * channels * 2)) for _ in range(4))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 4, 4, 16, kind, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    made = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        check = struct.pack(">I", zlib.crc32(name + data))
        made += struct.pack(">I", len(data)) + name + data + check
    return made


def deep_jpeg2000() -> bytes:
    """Three channels whose header says twelve bits."""
    made = bytearray(encoded(Image.fromarray(noise(3)), "JPEG2000"))
    at = made.index(b"\xff\x4f\xff\x51") + 42
    for channel in range(3):
        made[at + 3 * channel] = 11
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "bits"),
    [
        (deep_png(2, 3), 16),
        (deep_png(6, 4), 16),
        (deep_png(4, 2), 16),
        (deep_png(0, 1), 0),
        (b"P6\n# 12 bits\n4 4\n4095\n" + bytes(96), 12),
        (b"P6 4 4 255\n" + bytes(48), 0),
        (deep_jpeg2000(), 12),
        *((content, 0) for content in GOOD.values()),
    ],
)
def test_color_that_loses_depth_is_told_and_gray_does_not(content, bits):
    """Deep gray is read as it is."""
    with Image.open(BytesIO(content)) as image:
        said = cut(content, str(image.format), image.mode)
    assert said == (f"color of {bits} bits is shown in 8" if bits else "")


def test_deep_gray_keeps_every_value():
    """Big-endian, as PNG has it."""
    stored = np.arange(16, dtype=np.uint16).reshape(4, 4) * 4000
    with Image.open(BytesIO(encoded(Image.fromarray(stored)))) as image:
        assert np.array_equal(np.asarray(image), stored)
