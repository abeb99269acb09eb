"""Coverage against precision, for looking: a lower line that holds for all its points at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.exact import Share, fraction, least_refuted

POINTS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """The first k rows: what the audit saw of them, and what can be said.

    Attributes:
        k: rows.
        n: audited ones.
        x: wrong ones among them.
        observed: the share of audited rows that is right, an estimate; None without any.
        low: at least this share of all k is right, for all points at once.
    """

    k: int
    n: int
    x: int
    observed: float | None
    low: float


def most_wrong(x: int, population: int, drawn: int, delta: Share) -> int:
    """Return U: the largest number of wrong rows that x wrong ones of those drawn leave open."""
    least = least_refuted(population, drawn, x, fraction(delta, "delta"))
    return population if least is None else least - 1


def precision(
    ranks: Sequence[int],
    errors: Sequence[int],
    M: int,
    delta: Share,
    points: int = POINTS,
) -> list[Point]:
    """Return points of the curve at evenly spaced prefixes of the first M rows.

    Args:
        ranks: from 0, of all audited rows.
        errors: of those that are wrong.
        M: rows that were drawn from.
        delta: chance that the line is wrong anywhere; each point is held against its part.
        points: how many; not to be chosen after looking.
    """
    if not 1 <= points <= POINTS:
        raise SSLError(f"A curve has 1 to {POINTS} points, not {points}.")
    drawn, wrong = sorted(ranks), sorted(errors)
    part = fraction(delta, "delta") / points
    found = []
    for k in sorted({max(1, M * place // points) for place in range(1, points + 1)}):
        n, x = bisect_left(drawn, k), bisect_left(wrong, k)
        most = min(most_wrong(x, M, len(drawn), part), k - (n - x))
        found.append(Point(k, n, x, 1 - x / n if n else None, 1 - most / k))
    return found
