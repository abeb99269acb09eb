"""The arithmetic of a certificate once more, in integers alone: what is verified is not trusted.

It repeats `ssl_core.measure.certificate` on purpose, by its definitions and without its code.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import comb

from annotator.export.proof.record import CannotFollow

DRAWS = 10_000  # of groups, at most: what is more was garbled, and would take long


def at_most(population: int, wrong: int, drawn: int, most: int, level: Fraction) -> bool:
    """Whether the chance of at most `most` wrong rows among the drawn is at most the level."""
    right = population - wrong
    low, high = max(0, drawn - right), min(most, wrong, drawn)
    term = comb(wrong, low) * comb(right, drawn - low) if low <= high else 0
    ways = term
    for x in range(low, high):
        term = term * (wrong - x) * (drawn - x) // ((x + 1) * (right - drawn + x + 1))
        ways += term
    return ways * level.denominator <= level.numerator * comb(population, drawn)


def rare(trials: int, chance: Fraction, most: int, level: Fraction) -> bool:
    """Whether the chance of at most `most` successes in independent trials is at most the level."""
    yes, whole = chance.numerator, chance.denominator
    ways = sum(comb(trials, x) * yes**x * (whole - yes) ** (trials - x) for x in range(most + 1))
    return bool(ways * level.denominator <= level.numerator * whole**trials)


def cut(draws: int, epsilon: Fraction, level: Fraction) -> int:
    """How many draws of a group may be wrong: the most that is rare; -1 where not even none is."""
    found, ways = -1, 0
    yes, no = epsilon.numerator, epsilon.denominator - epsilon.numerator
    whole = epsilon.denominator**draws
    for x in range(draws):
        ways += comb(draws, x) * yes**x * no ** (draws - x)
        if ways * level.denominator > level.numerator * whole:
            break
        found = x
    return found


def by_group(seed: int, groups: Sequence[int], draws: int) -> list[int]:
    """The ranks that a seed draws: each time a group, all alike, then one of its rows.

    Raises:
        CannotFollow: so often cannot be drawn.
    """
    if not groups or not 1 <= draws <= DRAWS:
        raise CannotFollow(f"{draws:,} draws cannot be made")
    own: dict[int, list[int]] = {}
    for rank, group in enumerate(groups):
        own.setdefault(group, []).append(rank)
    order, found = list(own), []
    for place in range(draws):
        digits = hashlib.sha256(f"{seed}:{place}".encode()).hexdigest()
        rows = own[order[int(digits[:32], 16) % len(order)]]
        found.append(rows[int(digits[32:], 16) % len(rows)])
    return found


class Audit:
    """What follows from an audit of the first `end` rows of an order.

    Args:
        end: M, rows that were drawn from.
        drawn: m, rows drawn of those that were not known before.
        epsilon: share that may be wrong.
        level: chance that the promise may be false.
        known: ranks of rows that were looked at before the draw.
        wrong: those of them that are wrong.
        less: rows that are spared, for strict.
        after: prefixes up to here are released already, and not tested.

    Raises:
        CannotFollow: so many rows cannot be drawn.
    """

    def __init__(
        self,
        end: int,
        drawn: int,
        epsilon: Fraction,
        level: Fraction,
        *,
        known: Sequence[int] = (),
        wrong: Sequence[int] = (),
        less: int = 0,
        after: int = 0,
    ) -> None:
        self.end, self.epsilon, self.less, self.after = end, epsilon, less, after
        self.wrong, self._gates = sorted(wrong), list[int]()
        population = end - len(known)
        if not (1 <= drawn <= population and 0 < epsilon < 1 and 0 < level < 1):
            raise CannotFollow(f"{drawn:,} rows cannot be drawn of {population:,}")
        self.refuted: list[int] = []
        most_wrong = min(self.allowed(end) + 1, population)
        low = 1
        while len(self.refuted) < drawn:
            c, high = len(self.refuted), most_wrong + 1
            while low < high:
                middle = (low + high) // 2
                if at_most(population, middle, drawn, c, level):
                    high = middle
                else:
                    low = middle + 1
            if low > most_wrong:
                break
            self.refuted.append(low)

    def allowed(self, k: int) -> int:
        """How many of the first k rows may be wrong."""
        return int(self.epsilon * max(0, k - self.less))

    def limit(self, k: int) -> int:
        """How many of the drawn rows before k may be wrong; -1 where no number may."""
        unknown = self.allowed(k) + 1 - bisect_left(self.wrong, k)
        return bisect_right(self.refuted, unknown) - 1 if unknown > 0 else -1

    def gates(self) -> list[int]:
        """The smallest k at which c wrong rows pass, for c = 0, 1, ..."""
        for k in range(self.after + 1, self.end + 1) if not self._gates else ():
            while self.limit(k) >= len(self._gates):
                self._gates.append(k)
        return self._gates

    def released(
        self, errors: Sequence[int], c0: int, cf: int, order: Sequence[int] | None = None
    ) -> int:
        """How many rows the chain releases, with drawn rows of these ranks wrong.

        `order` has the gates that say what is tested in which order, where they are not its own.
        """
        gates, ranks, passed = self.gates() if order is None else order, sorted(errors), 0
        if not gates:
            return 0
        first = min(c0, len(gates) - 1)
        walk = min(max(cf, first), len(gates) - 1)
        for k in (*gates[first : walk + 1], *range(gates[walk] + 1, self.end + 1)):
            if bisect_left(ranks, k) > self.limit(k):
                break
            passed = k
        return passed
