"""Certificates of single classes, and of an average patient."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.chain import allowed
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


def groups(n: int, x: int, epsilon: Share) -> Fraction:
    """Return the exact p-value for an average group, such as a patient: x of n rows are wrong.

    n groups are drawn *with* replacement, and of each one random row. Then the wrong ones are
    binomial with the mean of the groups' shares of wrong rows, however alike the rows of a group
    are. It says nothing of groups that are not in the pool.
    """
    if not 0 <= x <= n:
        raise SSLError(f"{x:,} wrong of {n:,} rows cannot be.")
    return binomial(n, fraction(epsilon, "epsilon"), x)
