"""Cells that a spreadsheet would run: marked, and given back to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.cells import marked, unmarked


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ('"=1', "\"'=1"),
        (" =1", " '=1"),
        ("a;=1", "a;'=1"),
        ("a\n-b", "a\n'-b"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("cat", "cat"),
        ("a-b", "a-b"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_gets_an_apostrophe(text, cell):
    """At its start, and where another separator would begin a cell; all else stays."""
    assert marked(text) == cell
    assert unmarked(cell) == text


@given(st.text(alphabet="=+-@\t\r\n;,| '\"a＋", max_size=12) | st.text())
def test_every_text_is_given_back(text):
    """Whatever apostrophes it had itself; and once marked, no cell of it is a formula."""
    assert unmarked(marked(text)) == text
    for start in (marked(text), *marked(text).replace(",", ";").split(";")):
        assert start.lstrip(' "')[:1] not in tuple("=+-@\t\r") or not start
