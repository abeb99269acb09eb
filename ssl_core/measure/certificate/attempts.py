"""More than one attempt: what each may cost, and testing on where rows are known already."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.chain import allowed, first_allowing
from ssl_core.measure.certificate.exact import Share, fraction, least_refuted

FIRST = Fraction(4, 5)  # of what is left, for every attempt but the last that was declared


def levels(delta: Share, retries: int = 0) -> list[Fraction]:
    """Return the level of each attempt, where `retries` were declared before the first.

    All together have a chance of at most delta to be false: one retry makes .8 and .2 of it, two
    .8, .16 and .04. An attempt beyond these is another promise, and its chance is added (`any_of`).

    Raises:
        SSLError: a negative number of retries, or a share that is none.
    """
    if retries < 0:
        raise SSLError(f"{retries} retries cannot be declared: give 0 or more.")
    left, found = fraction(delta, "delta"), []
    for _ in range(retries):
        found.append(FIRST * left)
        left -= found[-1]
    return [*found, left]


def any_of(spent: Sequence[Share]) -> Fraction:
    """Return the chance, at most, that any certificate of these levels is false."""
    return min(sum((fraction(each, "a level") for each in spent), Fraction(0)), Fraction(1))


class Again:
    """Tests among rows of which some are known already, from an earlier audit.

    What is known is no evidence, but it counts: of the first k rows `x0(k)` are known to be wrong,
    so more than `allowed` are wrong only if allowed(k) + 1 - x0(k) of those not yet looked at are.
    The new rows are drawn from these alone. The same after a chain that released all of its M rows,
    to go beyond them (`after` = M): at the full level, for it is one fixed order of tests.

    Args:
        M: rows whose unknown ones are drawn from.
        m: rows drawn.
        epsilon: share that may be wrong.
        delta: level.
        known: ranks below M, from 0, of the rows looked at before, wrong or not.
        wrong: those of them that are wrong.
        after: prefixes up to here are not tested.
        less: as for `gates`; for strict, all audited rows, old and new.

    Raises:
        SSLError: there are not as many rows to draw, or what is wrong is not known.
    """

    def __init__(
        self,
        M: int,
        m: int,
        epsilon: Share,
        delta: Share,
        *,
        known: Sequence[int] = (),
        wrong: Sequence[int] = (),
        after: int = 0,
        less: int = 0,
    ) -> None:
        self.known, self.wrong = sorted({*known}), sorted({*wrong})
        self.M, self.population, self.after = M, M - len(self.known), after
        if not 1 <= m <= self.population:
            raise SSLError(f"Of {self.population:,} rows that are left, {m:,} cannot be drawn.")
        if not set(self.wrong) <= set(self.known) or (self.known and self.known[-1] >= M):
            raise SSLError("Known rows rank before M, and wrong ones are among the known.")
        level, self.epsilon, self.less = fraction(delta, "delta"), epsilon, less
        self.refuted: list[int] = []  # by c: the least number of unknown wrong rows
        most_wrong = allowed(epsilon, M, less) + 1
        while (least := least_refuted(self.population, m, len(self.refuted), level)) is not None:
            if least > most_wrong:
                break
            self.refuted.append(least)

    def limit(self, k: int) -> int:
        """Return how many of the new rows before k may be wrong; -1 where the test cannot pass."""
        unknown = allowed(self.epsilon, k, self.less) + 1 - bisect_left(self.wrong, k)
        return bisect_right(self.refuted, unknown) - 1 if unknown > 0 else -1

    def gates(self) -> list[int]:
        """Return the smallest k beyond `after` at which c errors pass, for c = 0, 1, ..."""
        found: list[int] = []
        for k in self._rises():
            while self.limit(k) >= len(found):
                found.append(k)
        return found

    def _rises(self) -> list[int]:
        """Every k beyond `after` at which one more row may be wrong: only there a limit rises."""
        share, start = fraction(self.epsilon, "epsilon"), self.after + 1
        few, many = (allowed(share, k, self.less) for k in (start, self.M))
        later = (first_allowing(most, share, self.less) for most in range(few + 1, many + 1))
        return [start, *later] if start <= self.M else []

    def hopeless(self, errors: Sequence[int], c0: int) -> bool:
        """Whether nothing beyond can be released anymore, whatever the rows to come are."""
        found = self.gates()
        if not found:
            return True
        k = found[min(c0, len(found) - 1)]
        return bisect_left(sorted(errors), k) > self.limit(k)

    def chain(self, errors: Sequence[int], c0: int, cf: int) -> int:
        """Return how many rows are released; 0 where none beyond `after` are.

        Args:
            errors: ranks of the new rows that are wrong.
            c0: gate to start at.
            cf: gate from which on every k is tested.
        """
        found = self.gates()
        if not found:
            return 0
        new = sorted(errors)
        first = min(c0, len(found) - 1)
        walk = min(max(cf, first), len(found) - 1)
        order = [*found[first : walk + 1], *range(found[walk] + 1, self.M + 1)]
        passed = 0
        for k in order:
            if bisect_left(new, k) > self.limit(k):
                break
            passed = k
        return passed

    def ranks(self, positions: Sequence[int]) -> list[int]:
        """Return the ranks of drawn rows, from their positions among those that are not known."""
        left = np.setdiff1d(np.arange(self.M), self.known)
        return [int(left[each]) for each in positions]
