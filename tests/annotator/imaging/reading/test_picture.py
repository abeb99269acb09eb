"""Pictures made from arrays: every value comes back, in as few bits as hold it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging import values
from annotator.imaging.reading.page import Unread
from annotator.imaging.reading.picture import check_size, color, gray
from annotator.imaging.values import Values

LIMITS = {
    "bool": (np.bool_, 0, 1, "L"),
    "uint8": (np.uint8, 0, 255, "L"),
    "int8": (np.int8, -128, 127, "L"),
    "uint16": (np.uint16, 0, 65535, "I;16"),
    "int16": (np.int16, -32768, 32767, "I;16"),
    "12 bits with a sign": (np.int16, -2048, 2047, "I;16"),
    "big-endian": (np.dtype(">i2"), -5, 700, "I;16"),
    "uint32 of few values": (np.uint32, 4_000_000_000, 4_000_065_535, "I;16"),
    "uint32": (np.uint32, 0, 4_294_967_295, "I"),
    "int32": (np.int32, -(2**31), 2**31 - 1, "I"),
    "int64": (np.int64, -(2**40), -(2**40) + 2**20, "I"),
    "float32": (np.float32, -1.5, 1e30, "F"),
}


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("name", LIMITS)
def test_every_value_means_what_it_meant(name):
    """Both ends and what lies between, with a slope and an offset, and none is rounded."""
    kind, low, high, mode = LIMITS[name]
    between = np.linspace(0, 1, 64)
    stored = (low + between * (high - low)).astype(kind).reshape(8, 8)
    stored[0, 0], stored[-1, -1] = low, high
    lowest = -(2**11) if "12" in name else -(2**15)
    made = gray(stored, Values(slope=0.5, intercept=3.0), lowest)
    with opened(made.content) as image:
        assert image.mode == mode
        told = values.of(image) or Values()
        found = told.meant(np.asarray(image))
    scale = 255 if name == "bool" else 1  # black and white
    assert np.array_equal(found, stored.astype(np.float64) * scale * 0.5 + 3.0)
    assert made.note == ""


def test_doubles_are_rounded_and_that_is_said():
    """Where 32 bits hold them all, nothing is."""
    assert "rounded" in gray(np.full((4, 4), 0.1), Values()).note
    assert gray(np.full((4, 4), 0.5), Values()).note == ""
    assert gray(np.full((4, 4), np.nan), Values()).note == ""


@pytest.mark.parametrize(("bits", "top"), [(8, 255), (12, 4095), (16, 65535), (32, 2**32 - 1)])
def test_deep_color_is_reduced_to_eight_bits_and_that_is_said(bits, top):
    """The highest value is 255, the middle 128."""
    pixels = np.full((4, 4, 3), top, np.uint64)
    pixels[0] = 0
    pixels[1] = round(top * 128 / 255)
    made = color(pixels, bits)
    assert (f"{bits} bits" in made.note) == (bits > 8)
    shown = np.asarray(opened(made.content))
    assert [int(row[0, 0]) for row in shown] == [0, 128, 255, 255]


def test_twelve_bits_in_sixteen_are_not_shown_nearly_black():
    """As cameras write them: no value above 4,095."""
    made = color(np.full((4, 4, 3), 4095, np.uint16), 16)
    assert np.asarray(opened(made.content)).min() == 255
    assert "12 bits in 16" in made.note


@pytest.mark.parametrize(("size", "word"), [((3, 9), "too small"), ((20_000, 6_000), "too large")])
def test_a_page_too_small_or_too_large_is_refused_before_it_is_decoded(size, word):
    """With its size."""
    with pytest.raises(Unread, match=rf"{word}: {size[0]} × {size[1]}"):
        check_size(*size)
