"""A plain PNG file is known to be whole without its pixels, and never where a decoder fails."""

import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotator.imaging.bounded import done
from annotator.imaging.intact import is_plain
from tests.annotator.pictures import encoded, jpeg, noise

WIDTH, HEIGHT = 37, 23
GRAY = Image.fromarray(noise(1, WIDTH, HEIGHT, channels=1))
COLOR = Image.fromarray(noise(2, WIDTH, HEIGHT))
DEEP = Image.fromarray(noise(3, WIDTH, HEIGHT, channels=1).astype(np.uint16) * 257)
PLAIN = {
    "gray": encoded(GRAY, "PNG"),
    "color": encoded(COLOR, "PNG"),
    "gray with transparency": encoded(GRAY.convert("LA"), "PNG"),
    "color with transparency": encoded(COLOR.convert("RGBA"), "PNG"),
    "16 bits": encoded(DEEP, "PNG"),
}


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def with_lines(content: bytes, change) -> bytes:
    """The gray file with other lines in it, packed as they should be."""
    start = content.index(b"IDAT") - 4
    length = int.from_bytes(content[start : start + 4], "big")
    lines = bytearray(zlib.decompress(content[start + 8 : start + 8 + length]))
    return content[:start] + chunk(b"IDAT", zlib.compress(change(lines))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_a_plain_file_is_told(content):
    """So is one that is packed in many pieces."""
    assert is_plain(opened(content))
    assert done(content, "check")[0] == f"{WIDTH} {HEIGHT} "
    start = content.index(b"IDAT") - 4
    length = int.from_bytes(content[start : start + 4], "big")
    packed = content[start + 8 : start + 8 + length]
    pieces = [chunk(b"IDAT", packed[at : at + 100]) for at in range(0, length, 100)]
    assert is_plain(opened(content[:start] + b"".join(pieces) + chunk(b"IEND", b"")))


def test_the_decoder_judges_all_else():
    """Palettes, lines out of order, what moves, what may lie on its side, other formats."""
    turned = Image.Exif()
    turned[0x0112] = 6
    others = [
        encoded(COLOR.quantize(16), "PNG"),
        encoded(GRAY.convert("1"), "PNG"),
        encoded(COLOR, "PNG", save_all=True, append_images=[COLOR.rotate(180)]),
        encoded(COLOR, "PNG", exif=turned),
        PLAIN["gray"] + b"more",
        jpeg(),
    ]
    assert [is_plain(opened(each)) for each in others] == [False] * len(others)
    assert done(others[3], "check")[0] == f"{HEIGHT} {WIDTH} "


def test_a_file_with_a_line_too_few_or_a_filter_that_is_none_is_left_to_the_decoder():
    whole = PLAIN["gray"]
    line = 1 + WIDTH
    assert is_plain(opened(with_lines(whole, bytes)))
    assert not is_plain(opened(with_lines(whole, lambda lines: lines[:-line])))
    assert not is_plain(opened(with_lines(whole, lambda lines: lines[:-1])))
    assert not is_plain(opened(with_lines(whole, lambda lines: lines + lines)))
    assert not is_plain(opened(with_lines(whole, lambda lines: lines[:line] + b"\5" * line * 22)))


@given(
    kind=st.sampled_from(sorted(PLAIN)),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=3),
    cut=st.none() | st.floats(0, 1),
)
def test_no_file_is_told_that_a_decoder_refuses(kind, damage, cut):
    """Bytes changed anywhere, the rest cut off: what is called whole, decodes."""
    content = bytearray(PLAIN[kind])
    for place, other in damage:
        content[int(place * (len(content) - 1))] ^= other
    broken = bytes(content if cut is None else content[: int(cut * len(content))])
    try:
        image = opened(broken)
    except Exception:
        return
    if is_plain(image):
        Image.open(BytesIO(broken)).load()


def test_a_jpeg_is_read_to_its_end_and_keeps_its_size():
    """It is decoded small, which shows a missing end as well."""
    whole = jpeg(width=400, height=300)
    assert done(whole, "check")[0] == "400 300 "
    with pytest.raises(OSError, match="truncated"):
        done(whole[: len(whole) // 2], "check")
