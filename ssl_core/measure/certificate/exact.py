"""Exact chances: how likely few wrong rows are in a sample, in integers and fractions alone."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, comb, exp, lgamma
from typing import TypeAlias

from scipy.special import bdtri

from ssl_core.errors import SSLError

# A share as it is written: .05 is one twentieth, not the nearest number that a float can be
Share: TypeAlias = Fraction | float | str


def fraction(share: Share, name: str = "a share") -> Fraction:
    """Return a share in (0, 1) as it is written: `.05` and `"0.05"` are 1/20.

    Raises:
        SSLError: it is no number, or none between 0 and 1.
    """
    try:
        found = share if isinstance(share, Fraction) else Fraction(str(share))
    except (ValueError, ZeroDivisionError):
        found = Fraction(0)
    if not 0 < found < 1:
        raise SSLError(f"{share!r} cannot be {name}: give a number between 0 and 1, such as 0.05.")
    return found


def hypergeometric(population: int, wrong: int, drawn: int, most: int) -> Fraction:
    """Return the chance that at most `most` wrong rows are among `drawn` of the population.

    Drawn without replacement, all samples alike; `wrong` rows of the `population` are wrong.
    """
    return Fraction(_ways(population, wrong, drawn, most), comb(population, drawn))


def refuted(population: int, wrong: int, drawn: int, most: int, level: Fraction) -> bool:
    """Whether so few wrong rows speak against `wrong`: `hypergeometric` is at most `level`."""
    ways = _ways(population, wrong, drawn, most)
    return ways * level.denominator <= level.numerator * _samples(population, drawn)


@lru_cache(maxsize=64)  # one draw is held against one number of wrong rows after the other
def _samples(population: int, drawn: int) -> int:
    return comb(population, drawn)


def _ways(population: int, wrong: int, drawn: int, most: int) -> int:
    """How many samples have at most `most` wrong rows."""
    right = population - wrong
    x = max(0, drawn - right)
    last = min(most, wrong, drawn)
    if x > last:
        return 0
    term = comb(wrong, x) * comb(right, drawn - x)
    total = term
    while x < last:  # the next term by the one before: each division comes out even
        term = term * (wrong - x) * (drawn - x) // ((x + 1) * (right - drawn + x + 1))
        total += term
        x += 1
    return total


def least_refuted(population: int, drawn: int, most: int, level: Fraction) -> int | None:
    """Return the least number of wrong rows that at most `most` of the drawn ones speak against.

    None where no number is: at most `most` of `most` rows or fewer say nothing.
    """
    if most >= drawn:
        return None
    found = _guess(population, drawn, most, float(level))
    while found > most + 1 and refuted(population, found - 1, drawn, most, level):
        found -= 1
    while not refuted(population, found, drawn, most, level):
        found += 1
    return found


def _guess(population: int, drawn: int, most: int, level: float) -> int:
    """Where `least_refuted` begins to look: the same by floats, a row off at times.

    Drawn with replacement it would take more wrong rows, so it looks below that number, in steps
    that double, and then by halves.
    """
    alike = ceil(population * float(bdtri(most, drawn, level)))
    low = high = min(max(alike, most + 1), population)
    step = 1
    while low == high > most + 1:
        low = max(most, high - step)
        if low > most and _roughly(population, low, drawn, most) <= level:
            high, step = low, 2 * step
    low += 1
    while low < high:
        middle = (low + high) // 2
        if _roughly(population, middle, drawn, most) <= level:
            high = middle
        else:
            low = middle + 1
    return high


def _roughly(population: int, wrong: int, drawn: int, most: int) -> float:
    """`hypergeometric` by floats, from its last term down: the largest, where it matters."""
    right = population - wrong
    x, first = min(most, wrong, drawn), max(0, drawn - right)
    if x < first:
        return 0.0
    term = exp(_log_comb(wrong, x) + _log_comb(right, drawn - x) - _log_comb(population, drawn))
    total = term
    while x > first and term:
        term *= x * (right - drawn + x) / ((wrong - x + 1) * (drawn - x + 1))
        total += term
        x -= 1
    return total


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def binomial(trials: int, chance: Fraction, most: int) -> Fraction:
    """Return the chance of at most `most` successes in so many independent trials."""
    return Fraction(_scaled(trials, chance, most), chance.denominator**trials)


def rare(trials: int, chance: Fraction, most: int, level: Fraction) -> bool:
    """Whether at most `most` successes are that unlikely: `binomial` is at most `level`."""
    whole: int = chance.denominator**trials
    return _scaled(trials, chance, most) * level.denominator <= level.numerator * whole


def _scaled(trials: int, chance: Fraction, most: int) -> int:
    """`binomial` times the denominator to the power of the trials."""
    yes, no = chance.numerator, chance.denominator - chance.numerator
    terms = (comb(trials, x) * yes**x * no ** (trials - x) for x in range(min(most, trials) + 1))
    return sum(terms)
