"""The certificate's arithmetic, written out as its definitions have it."""

from fractions import Fraction
from math import comb


def chance(population, wrong, drawn, most):
    """P(at most `most` wrong ones among the drawn), summed term by term."""
    ways = sum(
        comb(wrong, x) * comb(population - wrong, drawn - x)
        for x in range(min(most, drawn) + 1)
        if drawn - x <= population - wrong
    )
    return Fraction(ways, comb(population, drawn))


def allow(epsilon, k, less=0):
    """How many of the first k may be wrong."""
    return int(Fraction(epsilon) * max(0, k - less))


def limit(k, M, m, epsilon, delta, less=0):
    """The most errors before k with which it passes; -1 where none does."""
    bad = allow(epsilon, k, less) + 1
    c = -1
    while c + 1 < m and chance(M, bad, m, c + 1) <= Fraction(delta):
        c += 1
    return c


def gates(M, m, epsilon, delta, less=0):
    """For each c the smallest k at which c errors pass."""
    found = []
    for k in range(1, M + 1):
        while limit(k, M, m, epsilon, delta, less) >= len(found):
            found.append(k)
    return found


def chain(errors, M, m, epsilon, delta, c0, cf, less=0):
    """One set after the other, in the order that was fixed before."""
    at = gates(M, m, epsilon, delta, less)
    if not at:
        return 0
    first = min(c0, len(at) - 1)
    walk = min(max(cf, first), len(at) - 1)
    released = 0
    for k in [*at[first : walk + 1], *range(at[walk] + 1, M + 1)]:
        if sum(rank < k for rank in errors) > limit(k, M, m, epsilon, delta, less):
            break
        released = k
    return released
