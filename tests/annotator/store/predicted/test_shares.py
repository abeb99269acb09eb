"""Probabilities in two bytes each: none is far off, and together they are all there is."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.store.predicted import shares
from annotator.store.predicted.shares import named, packed

STEP = 1 / 65_000
ROUNDED = 0.5e-6  # by six digits


@settings(deadline=None)
@given(
    st.integers(1, 12).flatmap(
        lambda classes: st.lists(
            st.lists(st.floats(0, 1, width=32), min_size=classes, max_size=classes).filter(any),
            min_size=1,
            max_size=5,
        )
    )
)
def test_no_probability_is_off_by_a_step_and_all_add_up(rows):
    """Whatever their number; of two classes the likelier one keeps no less."""
    given_ = np.array(rows, np.float64)
    given_ /= given_.sum(1, keepdims=True)
    names = [f"class {number}" for number in range(given_.shape[1])]
    for row, content in zip(given_, packed(given_), strict=True):
        assert len(content) == 2 * len(names)
        found = np.array(list(named(content, names).values()))
        assert np.abs(found - row).max() < STEP + ROUNDED
        assert abs(found.sum() - 1) <= len(names) * ROUNDED + 1e-12
        assert (np.diff(found[np.argsort(row, kind="stable")[::-1]]) <= STEP + 2 * ROUNDED).all()
        assert found[row.argmax()] == found.max()


def test_rows_are_packed_alike_in_pieces_of_any_size(monkeypatch):
    """A million images are packed a piece at a time."""
    rows = np.random.default_rng(0).dirichlet([0.1] * 7, 50).astype(np.float32)
    whole = packed(rows)
    monkeypatch.setattr(shares, "CHUNK", 7)
    assert packed(rows) == whole
    assert len(whole) == 50


def test_classes_of_one_name_are_added_before_they_are_rounded():
    """A class that was merged into another gives it all that it had."""
    [content] = packed(np.array([[0.2, 0.5, 0.3]]))
    assert named(content, ["cat", "dog", "cat"]) == {"cat": 0.5, "dog": 0.5}
    assert list(named(content, ["b", "a", "c"])) == ["b", "a", "c"], "in the order of the names"


def test_shares_of_other_classes_than_the_named_ones_are_refused():
    """Rather than to be told of the wrong classes."""
    [content] = packed(np.array([[0.2, 0.8]]))
    with pytest.raises(struct.error, match=r"6 bytes"):
        named(content, ["a", "b", "c"])
