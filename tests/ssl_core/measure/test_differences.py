"""Intervals of differences cover the truth as often as they say, and are those of the papers."""

import math

import numpy as np
import pytest

from ssl_core.measure.differences import mcnemar, of_pairs, of_two


def test_a_difference_of_pairs_covers_the_truth():
    """Two models that are right in 90 and 86 of 100 and err partly alike, 4,000 times each."""
    rng = np.random.default_rng(0)
    shares = [0.82, 0.08, 0.04, 0.06]  # both, only the first, only the second, neither
    for n in (20, 100):
        draws = rng.multinomial(n, shares, 4000)
        found = [of_pairs(gained, lost, n) for _, gained, lost, _ in draws]
        covered = np.mean([each.low <= 0.04 <= each.high for each in found])
        assert covered >= 0.94, n


def test_a_difference_of_two_samples_covers_the_truth():
    """Of unlike sizes."""
    rng = np.random.default_rng(1)
    x, y = rng.binomial(30, 0.3, 4000), rng.binomial(80, 0.1, 4000)
    found = [of_two(a, 30, b, 80) for a, b in zip(x, y, strict=True)]
    assert np.mean([each.low <= 0.2 <= each.high for each in found]) >= 0.94


def test_they_are_worked_out_as_the_papers_have_it():
    """Bonett and Price, and Agresti and Caffo, written out for one case each."""
    found = of_pairs(9, 3, 100)
    p, q = 10 / 102, 4 / 102
    reach = 1.959964 * math.sqrt((p + q - (p - q) ** 2) / 102)
    assert found == pytest.approx((0.06, p - q - reach, p - q + reach), abs=1e-6)
    found = of_two(8, 20, 3, 40)
    p, q = 9 / 22, 4 / 42
    reach = 1.959964 * math.sqrt(p * (1 - p) / 22 + q * (1 - q) / 42)
    assert found == pytest.approx((0.325, p - q - reach, p - q + reach), abs=1e-6)


def test_ends_stay_within_what_a_difference_can_be():
    """One row that only the second has."""
    assert of_pairs(0, 1, 1).low >= -1
    assert of_two(1, 1, 0, 1).high <= 1


def test_mcnemar_is_the_sign_test_of_what_differs():
    """Nine to one, by hand: twice (1 + 10) of 2^10; no pair that differs says nothing."""
    assert mcnemar(9, 1) == pytest.approx(22 / 1024)
    assert mcnemar(0, 0) == 1
