"""How far two shares are apart, with an interval: of the same rows, or of different ones."""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy.special import bdtr, ndtri


class Difference(NamedTuple):
    """A difference of two shares, -1 to 1, and its interval."""

    value: float
    low: float
    high: float


def of_pairs(gained: int, lost: int, n: int, level: float = 0.05) -> Difference:
    """Return the difference of two shares of the same n rows, at 1 - level.

    The adjusted interval of Bonett & Price (2012, "Adjusted Wald Confidence Interval for a
    Difference of Binomial Proportions Based on Paired Data").

    Args:
        gained: rows that only the first has.
        lost: rows that only the second has.
        n: all rows, 1 at least.
        level: how often the interval may miss the truth.
    """
    one, other = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    middle = one - other
    reach = _z(level) * math.sqrt((one + other - middle**2) / (n + 2))
    return Difference((gained - lost) / n, max(-1.0, middle - reach), min(1.0, middle + reach))


def of_two(x: int, n: int, other_x: int, other_n: int, level: float = 0.05) -> Difference:
    """Return the difference of the shares x of n and other_x of other_n rows, at 1 - level.

    The adjusted interval of Agresti & Caffo (2000, "Simple and Effective Confidence Intervals for
    Proportions and Differences of Proportions").
    """
    one, other = (x + 1) / (n + 2), (other_x + 1) / (other_n + 2)
    middle = one - other
    reach = _z(level) * math.sqrt(one * (1 - one) / (n + 2) + other * (1 - other) / (other_n + 2))
    exact = x / n - other_x / other_n
    return Difference(exact, max(-1.0, middle - reach), min(1.0, middle + reach))


def mcnemar(gained: int, lost: int) -> float:
    """Return how likely so uneven a split of the rows is where neither is better (exact, 1947)."""
    return min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5)))


def _z(level: float) -> float:
    return float(ndtri(1 - level / 2))
