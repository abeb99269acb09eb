"""Texts in one buffer are those that were put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.columns.texts import Texts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_they_come_back_in_their_order(texts):
    """One by one, from the end, in parts, and once more; also empty ones and other scripts."""
    kept = Texts(texts)
    assert list(kept) == texts
    assert len(kept) == len(texts)
    assert [kept[-place] for place in range(1, len(texts) + 1)] == texts[::-1]
    assert kept[1:3] == texts[1:3]
    kept.append("Ödem")
    assert kept[len(texts)] == "Ödem"


def test_there_is_nothing_beyond_the_last():
    """As with a list."""
    with pytest.raises(IndexError):
        Texts(["one"])[1]
