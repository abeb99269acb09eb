"""PDF files: pages as paper shows them, their text, and what cannot be read, in words."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging.reading.formats.pdf import DPI, MOST_DOTS, pages
from annotator.imaging.reading.page import MOST_PAGES, Asked, Span, Unread
from tests.annotator.documents import pdf


def picture(page) -> np.ndarray:
    with Image.open(BytesIO(page.content)) as image:
        return np.asarray(image)


def test_a_page_is_drawn_at_the_resolution_that_is_documented():
    """One of 200 × 100 points is 417 × 209 dots; black on white in one channel, with its text."""
    [page] = pages(pdf("Invoice 7"), Asked())
    assert (page.number, page.total, page.note, page.text) == (1, 1, "", "Invoice 7")
    assert abs(page.width - 200 * DPI / 72) <= 1
    drawn = picture(page)
    assert drawn.shape == (page.height, page.width)
    assert drawn[0, 0] == 255
    assert drawn.min() < 50
    dark = np.argwhere(drawn < 128)
    assert abs(dark[:, 1].min() - 10 * DPI / 72) < 4  # begins 10 points from the left,
    assert abs(dark[:, 0].max() - 50 * DPI / 72) < 4  # and stands 50 points above the bottom


def test_every_page_is_an_image_or_the_first_alone():
    """The first one then says that there are more."""
    content = pdf("one", "two", "three")
    found = list(pages(content, Asked()))
    assert [page.text for page in found] == ["one", "two", "three"]
    assert [page.number for page in found] == [1, 2, 3]
    assert len({page.content for page in found}) == 3
    [first] = pages(content, Asked(Span(1, 1)))
    assert first.content == found[0].content
    assert first.note == "several pages: first page"
    [known, new] = pages(content, Asked(Span(2), frozenset({2})))
    assert (known.number, known.content, new.text) == (2, b"", "three")


def test_a_poster_is_drawn_coarser_and_says_so():
    """Two meters wide: its dots stay within the limit."""
    [page] = pages(pdf("Big", size=(6000, 3000)), Asked())
    assert MOST_DOTS * 0.98 < page.width * page.height <= MOST_DOTS * 1.01
    assert "dots an inch, being so large" in page.note


def test_of_a_very_long_file_the_rest_is_named():
    """A thousand pages: half of them come in, and how to have the others is said."""
    content = pdf(*["x"] * (2 * MOST_PAGES), size=(20, 20))
    asked = Asked(known=frozenset(range(2, 2 * MOST_PAGES)))
    found = list(pages(content, asked))
    assert [page.number for page in found] == [*range(1, MOST_PAGES + 1), 0]
    assert found[-1].fault == (
        "pages 501 to 1,000 are left out: at most 500 pages are read at once; "
        "`--pages 501-1000` reads on"
    )


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (pdf("secret", password="swordfish"), "encrypted: it opens with a password only"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not built as a PDF"),
        (pdf("a")[:60], "damaged"),
        (pdf(), "no page"),
    ],
)
def test_what_cannot_be_opened_says_why(content, word):
    """A password, damage, or no page."""
    with pytest.raises(Unread, match=word):
        list(pages(content, Asked()))
