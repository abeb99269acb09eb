"""Which pages are wanted, and what is said of those that are left out."""

import pytest

from annotator.imaging.reading.page import MOST_PAGES, Asked, Span, span


@pytest.mark.parametrize(
    ("text", "of_ten"),
    [
        ("all", [*range(1, 11)]),
        ("first", [1]),
        ("3", [3]),
        ("3-5", [3, 4, 5]),
        ("8-", [8, 9, 10]),
        ("8-99", [8, 9, 10]),
        ("11-", []),
    ],
)
def test_pages_are_named_by_numbers_or_words(text, of_ten):
    """As on a printer's form."""
    found = span(text)
    assert found is not None
    assert [*found.of(10)] == of_ten


@pytest.mark.parametrize("text", ["", "0", "5-3", "-3", "every", "1,2", "1-2-3", "٣"])
def test_other_words_name_no_pages(text):
    """The caller says what does."""
    assert span(text) is None


def test_of_a_very_long_file_the_rest_is_named_with_the_way_to_it():
    """Just as many pages as are read at once need no word."""
    assert Asked().left_out(MOST_PAGES) == ""
    told = Asked().left_out(MOST_PAGES + 700)
    assert "pages 501 to 1,200 are left out" in told
    assert "`--pages 501-1200`" in told
    found = span("501-1200")
    assert found is not None
    assert len(found.of(1200)) == MOST_PAGES
    assert "page 501 is left out" in Asked().left_out(MOST_PAGES + 1)
    assert Asked(Span(1, 1)).left_out(9) == ""
    assert "it has 3 pages" in Asked(Span(5)).left_out(3)
