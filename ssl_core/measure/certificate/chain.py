"""The error-count chain: which prefix of the frozen order the audit lets out, and why that is safe.

`m` rows are drawn at random from the first `M` of an order that was fixed before. How many of them
are wrong and rank before k follows a hypergeometric law, whatever else is wrong where. So each k
has a number of wrong rows that the audit may have at most. The sets are tested in an order that was
fixed beforehand, and the first that fails ends it: a bad set gets out only if the first bad one of
that order does, which has a chance of at most delta (Maurer, 1995; Angelopoulos et al., 2021).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.exact import Share, fraction, least_refuted


def allowed(epsilon: Share, k: int, less: int = 0) -> int:
    """Return how many of the first k rows may be wrong: floor(epsilon * (k - less)), at least 0.

    With `less` = m, the number of audited rows, the promise holds also of the rows that nobody
    looked at: what is called strict.
    """
    return int(fraction(epsilon, "epsilon") * max(0, k - less))


def gates(M: int, m: int, epsilon: Share, delta: Share, less: int = 0) -> list[int]:
    """Return the gates k(0), k(1), ...: from k(c) rows on, c errors in the audit are few enough.

    k(c) is the smallest k of which at most c wrong rows among m drawn from the first M refute, at
    level delta, that more than `allowed` of its rows are wrong. Exact: no float decides.

    Args:
        M: rows that were drawn from.
        m: rows drawn, without replacement.
        epsilon: share that may be wrong, 1 - target.
        delta: chance that the promise may be false.
        less: see `allowed`; m for strict.

    Raises:
        SSLError: fewer than 1 or more than M rows were drawn, or a share is none.
    """
    if not 1 <= m <= M:
        raise SSLError(f"Of {M:,} rows, {m:,} cannot be drawn: draw 1 to {M:,}.")
    return list(_gates(M, m, fraction(epsilon, "epsilon"), fraction(delta, "delta"), less))


@lru_cache(maxsize=4096)  # a plan asks for the same ones again and again
def _gates(M: int, m: int, epsilon: Fraction, delta: Fraction, less: int) -> tuple[int, ...]:
    found: list[int] = []
    while (least := least_refuted(M, m, len(found), delta)) is not None:
        k = first_allowing(least - 1, epsilon, less)
        if k > M:
            break
        found.append(k)
    return tuple(found)


def first_allowing(wrong: int, epsilon: Fraction, less: int = 0) -> int:
    """Return the smallest k, at least 1, of which so many rows may be wrong."""
    return less + -int(-wrong // epsilon) if wrong else 1


def chain(errors: Sequence[int], M: int, gates: Sequence[int], c0: int, cf: int) -> int:
    """Return how many rows of the order are released: 0 to M.

    First the gates c0 to cf, each of which needs at most its number of errors before it; then every
    k above, up to M. The first that fails ends it, and the one before it is released.

    Args:
        errors: ranks, from 0, of the audited rows that are wrong.
        M: rows that were drawn from.
        gates: as `gates` returns them.
        c0: gate to start at, fixed before the audit; the last one where there are fewer.
        cf: gate from which on every k is tested.
    """
    if len(gates) == 0:
        return 0
    wrong = sorted(errors)
    last = len(gates) - 1
    first = min(c0, last)
    walk = min(max(cf, first), last)
    k = 0
    for c in range(first, walk + 1):
        if bisect_left(wrong, gates[c]) > c:
            return k
        k = int(gates[c])
    for c in range(walk, last + 1):
        end = gates[c + 1] if c < last else M + 1
        if len(wrong) > c and wrong[c] + 1 < end:
            return int(wrong[c])  # one error more than may be comes with the next row
    return M


def hopeless(errors: Sequence[int], gates: Sequence[int], c0: int) -> bool:
    """Whether nothing can be released anymore, whatever the audited rows to come are.

    The only reason to stop an audit early: to stop early because it goes well would be to look
    more than once (`watch` pays for that).

    Args:
        errors: ranks, from 0, of the wrong rows so far.
        gates: as `gates` returns them.
        c0: gate to start at.
    """
    if len(gates) == 0:
        return True
    first = min(c0, len(gates) - 1)
    return bisect_left(sorted(errors), gates[first]) > first
