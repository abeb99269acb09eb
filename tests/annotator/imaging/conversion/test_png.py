"""Images of any format as PNG files: the values of the pixels are compared one by one."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from annotator.imaging.conversion.png import DRAWN, FIRST, as_png, is_png_of
from tests.annotator.pictures import GOOD, encoded, noise

LOSSY = {"cmyk.jpg": DRAWN, "float.tif": DRAWN}
SEVERAL = {"animated.gif", "animated.png", "animated.webp", "pages.tif"}


@pytest.mark.parametrize("name", GOOD)
def test_each_pixel_is_as_it_was_or_it_says_that_it_is_not(name):
    """What Pillow reads of the first frame, before and after, in the deepest form there is."""
    made, lost = as_png(GOOD[name])
    with Image.open(BytesIO(GOOD[name])) as before, Image.open(BytesIO(made)) as after:
        assert after.format == "PNG"
        assert after.size == before.size
        if name in LOSSY:
            assert lost == LOSSY[name]
            return
        assert lost == (FIRST if name in SEVERAL else "")
        deep = before.mode.startswith(("I", "F"))
        one, other = (
            np.asarray(each if deep else each.convert("RGBA")) for each in (before, after)
        )
        assert np.array_equal(one, other)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_lies_as_people_saw_it(turn):
    """PNG readers do not look for how a picture lies, so its pixels do."""
    exif = Image.Exif()
    exif[0x0112] = turn
    content = encoded(Image.fromarray(noise(3)), "TIFF", exif=exif)
    made, lost = as_png(content)
    with Image.open(BytesIO(content)) as picture:
        wanted = np.asarray(ImageOps.exif_transpose(picture))
    with Image.open(BytesIO(made)) as after:
        assert np.array_equal(np.asarray(after), wanted)
        assert not after.getexif()
    assert lost == ""


@pytest.mark.parametrize(
    ("values", "held"), [([0, 65_535], True), ([0, 65_536], False), ([-1, 9], False)]
)
def test_thirty_two_bits_are_held_only_if_sixteen_do(values, held):
    """A value that PNG has no room for would be cut."""
    pixels = np.resize(np.array(values, np.int32), (16, 24))
    made, lost = as_png(encoded(Image.fromarray(pixels), "TIFF"))
    assert (lost == "") == held
    with Image.open(BytesIO(made)) as after:
        assert np.array_equal(np.asarray(after, np.int32), pixels) == held


@pytest.mark.parametrize("name", ["animated.gif", "photo.jp2", "palette.png", "sixteen.tif"])
def test_a_converted_file_is_known_again_whoever_packed_it(name):
    """By its pixels; of another image, or no PNG, it is not."""
    made, _ = as_png(GOOD[name])
    with Image.open(BytesIO(made)) as picture:
        packed = encoded(picture, compress_level=0)
    assert packed != made
    assert is_png_of(made, GOOD[name])
    assert is_png_of(packed, GOOD[name])
    assert not is_png_of(made, GOOD["photo.webp"])
    assert not is_png_of(GOOD["photo.jpg"], GOOD["photo.jpg"])
    assert not is_png_of(made[:40], GOOD[name])
    assert not is_png_of(made, b"no image")


def test_color_that_is_deeper_than_what_is_read_is_told():
    """Pillow keeps 8 of 16 bits of the color of a PPM file."""
    deep = b"P6 4 4 65535\n" + bytes(range(96))
    assert as_png(deep)[1] == "color of 16 bits is shown in 8"
    assert as_png(b"P6 4 4 255\n" + bytes(range(48)))[1] == ""
