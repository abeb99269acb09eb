"""A TIFF file of pages gives back each page as it is stored, to the last byte."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging.conversion.document import as_tiff, is_made_of
from annotator.imaging.conversion.png import as_png
from annotator.imaging.reading.formats import tiff
from annotator.imaging.reading.page import Asked
from annotator.imaging.reading.picture import gray, save
from annotator.imaging.values import Values

RNG = np.random.default_rng(3)
GRAY = RNG.integers(0, 256, (20, 30)).astype(np.uint8)
DEEP = GRAY.astype(np.uint16) * 200
CT = Values(slope=2.0, intercept=-1024.0, windows=((40.0, 400.0), (900.0, 20.0)))

STORED = {
    "gray": gray(GRAY, Values()),
    "inverted": gray(GRAY, Values(inverted=1, slope=3.0)),
    "deep": gray(DEEP, Values()),
    "windows": gray(DEEP, CT),
    "levels": gray(DEEP, Values(levels=tuple(range(3000)), top=3000)),
    "floats": gray(RNG.normal(size=(8, 9)).astype(np.float32), Values(inverted=1)),
    "wide": gray((GRAY.astype(np.int32) - 100) * 100_000, Values()),
    "ink": save(Image.fromarray(GRAY > 100)),
    "palette": save(Image.fromarray(GRAY).convert("P")),
    "color": save(Image.fromarray(RNG.integers(0, 256, (20, 30, 3)).astype(np.uint8))),
    "veiled": save(Image.fromarray(RNG.integers(0, 256, (20, 30, 4)).astype(np.uint8))),
    "veiled gray": save(Image.fromarray(GRAY).convert("LA")),
}


def test_every_kind_of_page_comes_back_as_it_was():
    """Values, depth, windows and colors: the reader makes the very same file of each."""
    made = as_tiff([each.content for each in STORED.values()], 1)
    found = list(tiff.pages(made, Asked()))
    assert len(found) == len(STORED)
    for name, page in zip(STORED, found, strict=True):
        assert page.content == STORED[name].content, name
        assert (page.note, page.fault) == ("", ""), name


@pytest.mark.parametrize("face", [1, 3])
def test_the_file_says_which_page_stands_for_it(face):
    """So that a document learns from the same page wherever it is imported."""
    made = as_tiff([STORED[name].content for name in ("gray", "deep", "ink")], face)
    assert {page.face for page in tiff.pages(made, Asked())} == {face if face > 1 else 0}


def test_the_same_pages_always_make_the_same_file():
    """By that an export is known again."""
    pages = [STORED[name].content for name in ("gray", "windows")]
    assert as_tiff(pages, 2) == as_tiff(pages, 2)
    for face in (1, 2):
        assert is_made_of(as_tiff(pages, face), pages)
    assert not is_made_of(as_tiff(pages[:1], 1), pages)
    assert not is_made_of(as_tiff(pages[::-1], 1), pages)
    assert is_made_of(as_png(pages[1])[0], pages)
    assert not is_made_of(STORED["color"].content, pages)
    assert not is_made_of(b"II*\0 and nothing more", pages)


def test_anybody_reads_it_page_by_page():
    """Pillow sees each page, in its order."""
    made = as_tiff([STORED[name].content for name in ("gray", "deep", "color")], 1)
    with Image.open(BytesIO(made)) as image:
        assert image.n_frames == 3
        image.seek(1)
        assert np.array_equal(np.asarray(image), DEEP)
