"""A certificate that may be watched: bets against nested sets, valid after every label.

ALPHA (Stark, 2023; Waudby-Smith & Ramdas, 2024). It lets the expert stop at any time, and pays with
coverage: measured, it releases far less than the chain at the same number of labels.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ssl_core.measure.certificate.chain import allowed
from ssl_core.measure.certificate.exact import Share, fraction

SETS = 12
GUESSES = 50  # draws that the guess from the plan counts as
HOPED = 0.8  # of epsilon, what the guess is at most
LEAST, MOST = 1e-4, 0.9  # of the bet: a share, and of the share that is tested
SAFE = 1 + 1e-9  # rounding of floats never releases a set


class Watch:
    """Bets that each of a few nested prefixes is better than promised, label by label.

    Args:
        start: the smallest prefix; that of the gate c0 of a plan.
        M: the largest.
        epsilon: share that may be wrong.
        delta: chance that the promise may be false, over all the time that it is watched.
        guesses: the plan's share of wrong rows in the first k, for each k of `nested(start, M)`.
    """

    def __init__(
        self,
        start: int,
        M: int,
        epsilon: Share,
        delta: Share,
        guesses: Sequence[float],
    ) -> None:
        self.sets = nested(start, M)
        self.needed = float(1 / fraction(delta, "delta")) * SAFE
        hoped = HOPED * float(fraction(epsilon, "epsilon"))
        self.guesses = [min(guess, hoped) for guess in guesses]
        self.allowed = [allowed(epsilon, k) for k in self.sets]
        self.drawn = [0] * len(self.sets)
        self.wrong = [0] * len(self.sets)
        self.wealth = [1.0] * len(self.sets)
        self.best = [1.0] * len(self.sets)

    def see(self, rank: int, wrong: bool) -> int:
        """Take the next audited row, in the order of the draw; return how many rows are released.

        It never falls.
        """
        for place in range(bisect_left(self.sets, rank + 1), len(self.sets)):
            self._bet(place, wrong)
        return self.released

    @property
    def released(self) -> int:
        """Rows released by now: the sets are tested in their order, up to the first that fails."""
        passed = [best >= self.needed for best in self.best]
        count = passed.index(False) if False in passed else len(passed)
        return self.sets[count - 1] if count else 0

    def _bet(self, place: int, wrong: bool) -> None:
        n, x = self.drawn[place], self.wrong[place]
        left = self.allowed[place] + 1 - x  # wrong rows that are left, if the set is just bad
        share = left / (self.sets[place] - n)
        self.drawn[place], self.wrong[place] = n + 1, x + wrong
        if share <= 0:  # more are wrong than allowed, for certain
            self.wealth[place] = 0.0
            return
        bet = (GUESSES * self.guesses[place] + x) / (GUESSES + n)
        bet = min(max(bet, LEAST), MOST * share)
        if wrong:
            self.wealth[place] *= bet / share
        else:  # certain to be wrong if the set is bad, and it is not
            self.wealth[place] *= (1 - bet) / (1 - share) if share < 1 else float("inf")
        self.best[place] = max(self.best[place], self.wealth[place])


def nested(start: int, M: int) -> list[int]:
    """Return at most SETS prefixes from `start` to M, evenly apart, each once."""
    found: NDArray[np.int64] = np.unique(np.linspace(start, M, SETS).round().astype(np.int64))
    return [int(k) for k in found]
