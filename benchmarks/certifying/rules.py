"""Rules that release pseudo-labels by an audit: the certificate's, and those in use today."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from certifying.pools import Pool
from ssl_core.measure.certificate import allowed, chain, drawn, gates
from ssl_core.measure.certificate.exact import fraction, rare, refuted
from ssl_core.measure.certificate.pilot import worlds
from ssl_core.measure.certificate.plan import plan
from ssl_core.measure.certificate.watch import Watch, nested

SURE = 0.95
FIXED = "confidence of .95"

Audit = Callable[[int], int]  # a seed -> how many rows of the order are released
Rule = Callable[[Pool, int, float, float], Audit]  # pool, labels, epsilon, delta


def certificate(pool: Pool, m: int, epsilon: float, delta: float) -> Audit:
    """The error-count chain, planned from the validation rows."""
    curves = worlds(pool.at, pool.wrong_at, 0)
    found = plan(len(pool.wrong), m, epsilon, delta, curves, seed=0)
    at = gates(found.M, found.m, epsilon, delta)

    def audit(seed: int) -> int:
        rows = drawn(seed, found.M, found.m)
        return chain(rows[pool.wrong[rows]].tolist(), found.M, at, found.c0, found.cf)

    return audit


def watched(pool: Pool, m: int, epsilon: float, delta: float) -> Audit:
    """Bets that may be watched: valid after every label, so that the expert stops at will."""
    curves = worlds(pool.at, pool.wrong_at, 0)
    found = plan(len(pool.wrong), m, epsilon, delta, curves, seed=0)
    at = gates(found.M, found.m, epsilon, delta)
    start = at[min(found.c0, len(at) - 1)] if at else found.M
    share = curves.mean(0)
    ends = [k / len(pool.wrong) for k in nested(start, found.M)]
    places = np.linspace(0, 1, len(share))
    guesses = [float(np.interp(end, places, share)) / end for end in ends]

    def audit(seed: int) -> int:
        watch = Watch(start, found.M, epsilon, delta, guesses)
        for rank in drawn(seed, found.M, found.m).tolist():
            watch.see(rank, bool(pool.wrong[rank]))
        return watch.released

    return audit


def fixed(pool: Pool, _m: int, _epsilon: float, _delta: float) -> Audit:
    """Whatever the model is 95 % sure of; no label is asked."""
    sure = int((pool.confidence >= SURE).sum())
    return lambda _seed: sure


def chosen(pool: Pool, m: int, epsilon: float, _delta: float) -> Audit:
    """The loosest prefix whose audited precision reaches the target."""

    def audit(seed: int) -> int:
        rows = np.sort(drawn(seed, len(pool.wrong), m))
        return _loosest(rows, pool.wrong[rows], epsilon, len(pool.wrong))

    return audit


def split(pool: Pool, m: int, epsilon: float, delta: float) -> Audit:
    """Half of the labels choose a prefix, with half of the errors that may be; the others test it.

    The second half is drawn from the chosen prefix, and tested exactly.
    """

    def audit(seed: int) -> int:
        rows = np.sort(drawn(seed, len(pool.wrong), m // 2))
        k = _loosest(rows, pool.wrong[rows], epsilon / 2, len(pool.wrong))
        if not k:
            return 0
        again = drawn(seed + 1_000_000, k, min(m - m // 2, k))
        return k if _passes(k, len(again), int(pool.wrong[again].sum()), epsilon, delta) else 0

    return audit


def pac(pool: Pool, m: int, epsilon: float, delta: float) -> Audit:
    """PAC labels (Candes et al., 2025): errors are at most epsilon of *all* rows, the rest by hand.

    Errors of prefixes only grow, so the largest whose exact upper bound holds is valid for that
    claim. It is another than the certificate's.
    """
    most = _tolerated(m, epsilon, delta)

    def audit(seed: int) -> int:
        rows = np.sort(drawn(seed, len(pool.wrong), m))
        errors = rows[pool.wrong[rows]]
        return int(errors[most]) if len(errors) > most else len(pool.wrong)

    return audit if most >= 0 else lambda _seed: 0


@cache
def _tolerated(m: int, epsilon: float, delta: float) -> int:
    """The most errors of m that speak against more than epsilon, binomially; -1 if none does."""
    wrong, level, found = fraction(epsilon), fraction(delta), -1
    while rare(m, wrong, found + 1, level):
        found += 1
    return found


@cache
def _passes(k: int, n: int, x: int, epsilon: float, delta: float) -> bool:
    return refuted(k, allowed(epsilon, k) + 1, n, x, fraction(delta))


def _loosest(rows: np.ndarray, wrong: np.ndarray, epsilon: float, size: int) -> int:
    """The largest prefix in which at most that share of audited rows (m,), by rank, is wrong."""
    fine = np.flatnonzero(wrong.cumsum() <= epsilon * np.arange(1, len(rows) + 1))
    if not len(fine):
        return 0
    return int(rows[fine[-1] + 1]) if fine[-1] + 1 < len(rows) else size


RULES: dict[str, Rule] = {
    "certificate": certificate,
    FIXED: fixed,
    "chosen on the audit": chosen,
    "split": split,
    "PAC labels": pac,
    "watched": watched,
}
