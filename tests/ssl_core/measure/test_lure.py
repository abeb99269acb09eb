"""LURE is unbiased where a plain mean is far off."""

import math

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure import lure


def picked(scores, m, rng):
    """Rows drawn one after the other by their scores, and the chance that each had."""
    left, rows, chances = list(range(len(scores))), [], []
    for _ in range(m):
        p = scores[left] / scores[left].sum()
        place = rng.choice(len(left), p=p)
        chances.append(p[place])
        rows.append(left.pop(place))
    return np.array(rows), np.array(chances)


def test_over_5000_simulations_the_estimate_is_the_pools_mean():
    """Wrong rows are picked eight times as often: the plain mean is more than twice the truth."""
    rng = np.random.default_rng(0)
    wrong = (np.arange(40) % 8 == 0).astype(float)
    scores = 1 + 7 * wrong
    found, plain = [], []
    for _ in range(5000):
        rows, chances = picked(scores, 12, rng)
        found.append(lure.estimate(wrong[rows], chances, 40))
        plain.append(wrong[rows].mean())
    error = np.std(found) / math.sqrt(5000)
    assert abs(np.mean(found) - wrong.mean()) < 4 * error < 0.02
    assert np.mean(plain) > 2 * wrong.mean()


def test_uniform_picks_all_count_the_same():
    """Drawn at random, every weight is 1 and the estimate the mean."""
    chances = 1 / (10 - np.arange(6.0))
    assert lure.weights(chances, 10) == pytest.approx(np.ones(6))
    assert lure.estimate(np.arange(6.0), chances, 10) == pytest.approx(2.5)


def test_the_whole_pool_is_its_own_mean():
    """Nothing is left: however unevenly the rows were picked, they all count once."""
    rows, chances = picked(np.array([5.0, 1, 1, 9]), 4, np.random.default_rng(1))
    assert lure.weights(chances, 4) == pytest.approx(np.ones(4))
    assert sorted(rows) == [0, 1, 2, 3]


def test_a_weight_worked_out_by_hand():
    """N = 4, M = 2: 1 + 2/3 (1/(4 q) - 1) and 1 + 2/2 (1/(3 q) - 1)."""
    assert lure.weights(np.array([0.5, 0.25]), 4) == pytest.approx([1 - 1 / 3, 1 + 1 / 3])


def test_what_had_no_chance_is_an_error_that_says_why():
    """As are more rows than there are, and chances that are missing; no rows have no mean."""
    with pytest.raises(SSLError, match="the policy must draw"):
        lure.weights(np.array([0.5, 0.0]), 4)
    with pytest.raises(SSLError, match="Of 1 rows, 2 cannot"):
        lure.weights(np.array([0.5, 0.5]), 1)
    with pytest.raises(SSLError, match="1 values need as many chances, not 2"):
        lure.estimate(np.ones(1), np.ones(2), 4)
    assert math.isnan(lure.estimate(np.empty(0), np.empty(0), 4))
