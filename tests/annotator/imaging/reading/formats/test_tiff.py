"""TIFF files of several pages or deep color: every value through its real depth."""

from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image

from annotator.imaging import values
from annotator.imaging.reading.formats.tiff import pages, turned
from annotator.imaging.reading.page import Asked, Page, Span, Unread
from annotator.imaging.upright import TURNS, upright
from annotator.imaging.values import Values
from tests.annotator.documents import tiff
from tests.annotator.pictures import animated, encoded, noise

GRAY = np.arange(384).reshape(16, 24)


def one(content: bytes) -> Page:
    [page] = pages(content, Asked())
    assert page.fault == ""
    return page


def read(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """(what its values mean, how it is shown)."""
    with Image.open(BytesIO(page.content)) as image:
        told = values.of(image) or Values()
        return told.meant(np.asarray(image)), np.asarray(upright(image)).astype(int)


KINDS = {
    "uint16": GRAY.astype(np.uint16) * 170,
    "int16": (GRAY - 200).astype(np.int16) * 100,
    "int8": (GRAY * 255 // 383 - 128).astype(np.int8),
    "uint32": GRAY.astype(np.uint32) * 11_000_000,
    "int32": (GRAY - 200).astype(np.int32) * 5_000_000,
    "uint64": GRAY.astype(np.uint64) * 1_000_000,
    "float16": (GRAY / 8).astype(np.float16),
    "float32": (GRAY / 7).astype(np.float32),
    "float64": GRAY / 8,
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", KINDS)
def test_every_value_of_deep_gray_is_kept(name, order):
    """Of one page and of two, in either byte order."""
    stored = KINDS[name]
    for content, number in ((tiff(stored, byteorder=order), 0), (tiff(stored[::-1], stored), 1)):
        found = list(pages(content, Asked()))[number]
        assert found.fault == ""
        meant, shown = read(found)
        assert np.array_equal(meant, stored.astype(np.float64))
        assert shown[0, 0] < 5
        assert shown[-1, -1] > 250
        assert found.note == ""


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"int16", "int32"}))
def test_white_is_zero_is_shown_so(name):
    """In any depth: the lowest value is white, and the values stay."""
    meant, shown = read(one(tiff(KINDS[name], photometric="miniswhite")))
    assert np.array_equal(meant, KINDS[name].astype(np.float64))
    assert shown[0, 0] > 250
    assert shown[-1, -1] < 5


def test_eight_bits_of_white_is_zero_are_shown_so_among_others():
    """Pillow turns them around, and so they are stored."""
    stored = GRAY.astype(np.uint8)
    for page in pages(tiff(stored, stored, photometric="miniswhite"), Asked()):
        assert np.array_equal(read(page)[1], 255 - stored)


def test_color_of_sixteen_bits_is_rounded_not_cut_and_that_is_said():
    """In channels side by side, or one after the other, or with transparency on white."""
    stored = noise(1).astype(np.uint16) * 257
    stored[0, 0] = 300  # 1.17 of 255; cut, it would be 1 as well, but 65,400 would be 255
    stored[0, 1] = 65_400
    wanted = np.rint(stored / 257)
    page = one(tiff(stored, photometric="rgb"))
    assert np.array_equal(read(page)[1], wanted)
    assert page.note == "color of 16 bits is reduced to 8"
    apart = tiff(np.moveaxis(stored, -1, 0), photometric="rgb", planarconfig="separate")
    assert np.array_equal(read(one(apart))[1], wanted)
    clear = np.concatenate([stored, np.zeros_like(stored[..., :1])], -1)
    clear[8:, :, 3] = 65_535
    shown = read(one(tiff(clear, photometric="rgb", extrasamples=["unassalpha"])))[1]
    assert (shown[:8] == 255).all()
    assert np.array_equal(shown[8:], wanted[8:])


def test_color_of_floats_is_read_from_zero_to_one():
    """Beyond, nobody can tell what is white."""
    stored = noise(2).astype(np.float32) / 255
    assert np.array_equal(read(one(tiff(stored, photometric="rgb")))[1], noise(2))
    [page] = pages(tiff(stored * 2, photometric="rgb"), Asked())
    assert "beyond 0 to 1" in page.fault


@pytest.mark.parametrize(
    "stored", [np.zeros((16, 24, 5), np.uint8), np.zeros((16, 24), np.complex64)]
)
def test_what_is_no_picture_says_what_it_is(stored):
    """Five channels, complex numbers."""
    options = {"planarconfig": "contig"} if stored.ndim == 3 else {}
    [page] = pages(tiff(stored, **options), Asked())
    assert "save it as gray or RGB" in page.fault


def test_pages_are_numbered_and_reduced_copies_are_none():
    """A preview of the first page is no page of its own."""
    first, second = noise(3, channels=1), noise(4, channels=1)
    file = BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(first, photometric="minisblack", metadata=None)
        writer.write(first[::2, ::2], photometric="minisblack", metadata=None, subfiletype=1)
        writer.write(second, photometric="minisblack", metadata=None)
    found = list(pages(file.getvalue(), Asked()))
    assert [(page.number, page.total) for page in found] == [(1, 2), (2, 2)]
    assert np.array_equal(read(found[1])[1], second)
    [page] = pages(file.getvalue(), Asked(Span(1, 1)))
    assert page.note == "several pages: first page"


def test_pages_that_pillow_packs_come_out_as_they_went_in():
    """LZW, JPEG, palettes and transparency, which tifffile alone cannot read."""
    picture = Image.fromarray(noise(5))
    for options in ({"compression": "tiff_lzw"}, {"compression": "jpeg"}, {"compression": None}):
        content = encoded(picture, "TIFF", save_all=True, append_images=[picture], **options)
        with Image.open(BytesIO(content)) as image:
            wanted = np.asarray(upright(image))
        for page in pages(content, Asked()):
            assert np.array_equal(read(page)[1], wanted)
    assert [page.width for page in pages(animated("TIFF"), Asked())] == [24, 24]


def test_ink_and_other_modes_are_shown_as_anywhere():
    """CMYK becomes RGB, a palette stays one."""
    for mode in ("CMYK", "P", "1", "LA", "RGBA", "YCbCr"):
        picture = Image.fromarray(noise(6)).convert(mode)
        content = encoded(picture, "TIFF", save_all=True, append_images=[picture])
        with Image.open(BytesIO(content)) as image:
            wanted = np.asarray(upright(image))
        assert np.array_equal(read(list(pages(content, Asked()))[1])[1], wanted), mode


@pytest.mark.parametrize("turn", range(1, 9))
def test_pages_lie_as_their_files_say(turn):
    """Arrays are turned as pictures are, and both ways of reading heed it."""
    flat = noise(7, channels=1)
    picture = Image.fromarray(flat)
    way = TURNS.get(turn)
    wanted = np.asarray(picture if way is None else picture.transpose(way))
    assert np.array_equal(turned(flat, turn), wanted)
    deep = tiff(flat.astype(np.uint32) * 1000, extratags=[(274, 3, 1, turn, True)])
    assert np.array_equal(read(one(deep))[0] / 1000, wanted)
    plain = tiff(flat, flat, extratags=[(274, 3, 1, turn, True)])
    for page in pages(plain, Asked()):
        assert np.array_equal(read(page)[1], wanted)
        assert (page.height, page.width) == wanted.shape


def test_damage_says_so_and_spares_the_other_pages():
    """The second page's pixels lie behind the end of the file."""
    content = tiff(noise(8, channels=1).astype(np.uint32))
    with pytest.raises(Unread, match="damaged"):
        list(pages(content[:6], Asked()))
    first, second = (Image.fromarray(noise(seed, 200, 200, 1)) for seed in (9, 10))
    whole = encoded(first, "TIFF", save_all=True, append_images=[second])
    place = whole.index(second.tobytes()[:64])
    found = list(pages(whole[: place + 5000], Asked()))
    assert [bool(page.fault) for page in found] == [False, True]
    assert "damaged" in found[1].fault
