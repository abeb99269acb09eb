"""More like this: exact cosines, in order, whatever the chunks."""

import numpy as np
import pytest

from ssl_core.acquire import nearest as module
from ssl_core.acquire.nearest import highest, nearest
from ssl_core.errors import SSLError


def slowly(embeddings, query, n):
    """Every cosine by the book, sorted by cosine and row."""
    cosine = [
        float(row @ query / (np.linalg.norm(row) * np.linalg.norm(query))) for row in embeddings
    ]
    return sorted(range(len(cosine)), key=lambda row: (-round(cosine[row], 5), row))[:n], cosine


@pytest.mark.parametrize("n", [1, 7, 40, 99])
def test_it_finds_what_a_loop_over_all_rows_finds(n):
    """The same rows in the same order, with their cosines."""
    rng = np.random.default_rng(n)
    embeddings, query = rng.normal(size=(40, 6)), rng.normal(size=6)
    rows, cosine = nearest(embeddings, query, n)
    expected, every = slowly(embeddings, query, n)
    assert rows.tolist() == expected
    np.testing.assert_allclose(cosine, np.array(every)[rows], atol=1e-6)


def test_an_image_is_most_like_itself_and_ties_go_to_the_lower_row():
    """Twins and longer vectors of the same direction are equally alike."""
    embeddings = np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]], np.float16)
    rows, cosine = nearest(embeddings, embeddings[2], 5)
    assert rows.tolist() == [1, 2, 4, 0, 3]
    np.testing.assert_allclose(cosine, [1, 1, 1, 0, -1], atol=1e-6)


def test_chunks_change_nothing(monkeypatch):
    """Neither rows nor cosines, to the bit."""
    rng = np.random.default_rng(0)
    embeddings, query = rng.normal(size=(301, 33)).astype(np.float32), rng.normal(size=33)
    whole = nearest(embeddings, query, 50)
    monkeypatch.setattr(module, "CHUNK", 7)
    for one, other in zip(whole, nearest(embeddings, query, 50), strict=True):
        np.testing.assert_array_equal(one, other)


def test_nothing_to_find_is_no_error():
    """An empty pool, n = 0, and rows of zeros."""
    assert nearest(np.empty((0, 3)), np.ones(3), 5)[0].shape == (0,)
    assert nearest(np.ones((4, 3)), np.ones(3), 0)[0].shape == (0,)
    assert nearest(np.zeros((2, 3)), np.zeros(3), 2)[1].tolist() == [0, 0]


def test_what_is_not_a_number_or_does_not_fit_is_named():
    """The row, or the two shapes."""
    embeddings = np.ones((4, 3))
    embeddings[2, 1] = np.nan
    with pytest.raises(SSLError, match="row 2 is not a number"):
        nearest(embeddings, np.ones(3), 1)
    with pytest.raises(SSLError, match="to look for is not a number"):
        nearest(np.ones((4, 3)), np.array([1, np.nan, 0]), 1)
    with pytest.raises(SSLError, match=r"query is \(2,\)"):
        nearest(np.ones((4, 3)), np.ones(2), 1)


@pytest.mark.parametrize("n", [0, 1, 5, 30, 60])
def test_highest_is_a_stable_sort(n):
    """Many ties: the same rows as sorting all of them."""
    score = np.random.default_rng(0).integers(0, 5, 50).astype(float)
    assert highest(score, n).tolist() == np.argsort(-score, kind="stable")[:n].tolist()
