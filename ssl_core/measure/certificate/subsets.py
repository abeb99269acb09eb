"""Certificates of single classes, of several that hold together, and of an average patient."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.chain import allowed, gates
from ssl_core.measure.certificate.exact import Share, binomial, fraction, hypergeometric


def one_set(M: int, n: int, x: int, epsilon: Share) -> Fraction:
    """Return the exact p-value against one set of M rows that was fixed before: x of n are wrong.

    The chance of at most x wrong rows among n drawn, were one more wrong than `allowed`. The set is
    certified where it is at most delta; of several, as `holm` says.
    """
    if not 0 <= x <= n <= M:
        raise SSLError(f"{x:,} wrong of {n:,} drawn of {M:,} rows cannot be.")
    return hypergeometric(M, allowed(epsilon, M) + 1, n, x)


def holm(p: Sequence[Share], delta: Share) -> list[bool]:
    """Return which sets are certified, so that the chance that any claim is false is at most delta.

    Holm (1979): the smallest p-value is held against delta / J, the next against delta / (J - 1),
    and so on until one is too large.
    """
    level = fraction(delta, "delta")
    values = [each if isinstance(each, Fraction) else Fraction(str(each)) for each in p]
    certified = [False] * len(values)
    for done, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        if values[place] * (len(values) - done) > level:
            break
        certified[place] = True
    return certified


def each_class(delta: Share, classes: int) -> Fraction:
    """Return the level of the chain of each class, so that all claims hold together."""
    if classes < 1:
        raise SSLError("There is no class to certify.")
    return fraction(delta, "delta") / classes


@dataclass(frozen=True, slots=True)
class Planned:
    """The chain of one class of several, fixed before its draw.

    Attributes:
        M: rows that are drawn from, the first of the class's own order.
        m: rows drawn.
        c0: gate to start at.
        cf: gate from which on every prefix is tested.
        less: see `allowed`; m for strict.
    """

    M: int
    m: int
    c0: int
    cf: int
    less: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What came of the chain of one class of several.

    Attributes:
        level: at which it was tested last.
        k: rows of its order that are released.
    """

    level: Fraction
    k: int


def together(
    chains: Sequence[Planned], errors: Sequence[Sequence[int]], epsilon: Share, delta: Share
) -> list[Held]:
    """Return what each class releases, so that any of them is false with a chance of delta at most.

    Holm's rule, with a chain of tests in place of one: every class begins at delta / J. Once all
    tests of some have passed, so that all of their M rows are released, those that are left are
    tested at delta / (how many are left). What a class tests, and in which order, is fixed by its
    plan at delta / J; a higher level allows more errors in the same sets. With a single set a class
    this is `holm`.

    Why it holds: let t classes have a bad set among theirs, and take the first bad one of each.
    Before any of these t passes, none of these classes has released all of its rows, so none has
    been tested at more than delta / t, and each passes there with a chance of delta / t at most.

    Args:
        chains: of each class.
        errors: ranks, from 0, in the class's own order, of its audited rows that are wrong.
        epsilon: share of each release that may be wrong.
        delta: chance that any of the promises is false.
    """
    least, level = each_class(delta, len(chains)), fraction(delta, "delta")
    found = [Held(least, 0)] * len(chains)
    left = list(range(len(chains)))
    while left:
        now = level / len(left)
        for each in left:
            found[each] = Held(now, released(chains[each], errors[each], epsilon, least, now))
        still = [each for each in left if found[each].k < chains[each].M]
        if len(still) == len(left):
            break
        left = still
    return found


def released(
    planned: Planned, errors: Sequence[int], epsilon: Share, least: Fraction, level: Fraction
) -> int:
    """Return how many rows a chain releases at a level, tested in the order that `least` gives."""
    order = gates(planned.M, planned.m, epsilon, least, planned.less)
    if not order:
        return 0
    now = gates(planned.M, planned.m, epsilon, level, planned.less)
    wrong, last = sorted(errors), len(order) - 1
    first = min(planned.c0, last)
    walk = min(max(planned.cf, first), last)
    k = 0
    for at in order[first : walk + 1]:
        if bisect_left(wrong, at) >= bisect_right(now, at):
            return k
        k = at
    for before, rank in enumerate(wrong):  # from here on, a test can only fail just behind an error
        if rank >= k and before + 1 >= bisect_right(now, rank + 1):
            return rank
    return planned.M


def groups(n: int, x: int, epsilon: Share) -> Fraction:
    """Return the exact p-value for an average group, such as a patient: x of n rows are wrong.

    n groups are drawn *with* replacement, and of each one random row. Then the wrong ones are
    binomial with the mean of the groups' shares of wrong rows, however alike the rows of a group
    are. It says nothing of groups that are not in the pool.
    """
    if not 0 <= x <= n:
        raise SSLError(f"{x:,} wrong of {n:,} rows cannot be.")
    return binomial(n, fraction(epsilon, "epsilon"), x)


def cut(n: int, epsilon: Share, delta: Share) -> int:
    """Return how many of n draws of a group may be wrong; -1 where not even none may be.

    The most x of which `groups` is at most delta. Exact: no float decides.
    """
    share, level = fraction(epsilon, "epsilon"), fraction(delta, "delta")
    yes, no = share.numerator, share.denominator - share.numerator
    room = level.numerator * share.denominator**n  # of what `ways` may come to, times that below
    ways, x = 0, -1
    while x < n:
        ways += comb(n, x + 1) * yes ** (x + 1) * no ** (n - x - 1)
        if ways * level.denominator > room:
            break
        x += 1
    return x
