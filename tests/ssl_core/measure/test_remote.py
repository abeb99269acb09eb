"""The distance to the nearest known row is the least of all, worked out pair by pair."""

import numpy as np
import pytest

from ssl_core.measure.remote import CHUNK, distances


def test_each_row_is_measured_to_the_nearest_known_one():
    """By the cosine, whatever the lengths; also across chunks."""
    rng = np.random.default_rng(0)
    rows, known = rng.normal(size=(CHUNK + 5, 4)), 7 * rng.normal(size=(6, 4))
    found = distances(rows, known)
    for i in (0, 1, CHUNK - 1, CHUNK, CHUNK + 4):
        cosines = [
            sum(a * b for a, b in zip(rows[i], each, strict=True))
            / (np.linalg.norm(rows[i]) * np.linalg.norm(each))
            for each in known
        ]
        assert found[i] == pytest.approx(1 - max(cosines), abs=1e-5)
    assert distances(known, known) == pytest.approx(np.zeros(6), abs=1e-6)


def test_zeros_are_like_nothing_and_without_known_rows_all_is_far():
    """No division by zero, no row left out."""
    assert distances(np.zeros((1, 3)), np.ones((2, 3))) == pytest.approx([1.0])
    assert np.isinf(distances(np.ones((2, 3)), np.empty((0, 3)))).all()
    assert len(distances(np.empty((0, 3)), np.ones((2, 3)))) == 0


def test_of_many_known_rows_some_are_compared():
    """No row is then nearer than it is; with all compared it is as near as it is."""
    rng = np.random.default_rng(1)
    rows, known = rng.normal(size=(20, 3)), rng.normal(size=(50, 3))
    whole, part = distances(rows, known), distances(rows, known, most=10)
    assert (part >= whole - 1e-6).all()
    assert (part > whole + 1e-6).any()
