"""A share that was counted, and the exact interval about it (Clopper & Pearson, 1934)."""

from __future__ import annotations

from scipy.special import betaincinv


def upper(x: int, n: int, level: float) -> float:
    """Return the one-sided upper bound of a share of which x of n were seen, at 1 - level.

    It is 1 where all were, or none was looked at.
    """
    return float(betaincinv(x + 1, n - x, 1 - level)) if x < n else 1.0


def interval(x: int, n: int, level: float = 0.05) -> tuple[float, float]:
    """Return the two-sided interval, at 1 - level, of a share of which x of n were seen."""
    return 1 - upper(n - x, n, level / 2), upper(x, n, level / 2)
