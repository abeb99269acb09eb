"""Exact bounds of a share: those that are printed elsewhere, and what makes them exact."""

import pytest
from scipy.stats import binom

from ssl_core.measure.proportion import interval, upper

ONE_SIDED = {
    (0, 59): 0.0495076099,
    (0, 58): 0.0503393383,
    (1, 93): 0.0499939784,
    (4, 200): 0.0451804150,
    (5, 208): 0.0498759664,
    (0, 10): 0.2588655509,
    (10, 100): 0.1637176233,
}


@pytest.mark.parametrize(("seen", "bound"), ONE_SIDED.items())
def test_the_golden_upper_bounds(seen, bound):
    """At it, so few would be seen with a chance of just 5 %."""
    assert upper(*seen, 0.05) == pytest.approx(bound, abs=5e-11)
    assert binom.cdf(*seen, upper(*seen, 0.05)) == pytest.approx(0.05)


def test_the_golden_interval():
    """90 of 100; all and none reach the ends."""
    assert interval(90, 100) == pytest.approx((0.8237774023, 0.9509953108), abs=5e-11)
    assert interval(0, 10)[0] == 0
    assert interval(10, 10)[1] == 1
    assert upper(0, 0, 0.05) == 1
