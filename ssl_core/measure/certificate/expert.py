"""The expert is not the truth: what missed errors do to the promise, and how it is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.claims import percent_up
from ssl_core.measure.certificate.exact import Share, fraction, rare
from ssl_core.measure.proportion import upper

DIGITS = 10_000  # a bound is written with four decimals, rounded up
PART = Fraction(1, 5)  # of delta, for the bound on what the expert misses


def second_looks(audited: int, differed: int, wrong: int) -> str:
    """Return what the second looks at disagreements came to, before and after."""
    if not 0 <= wrong <= audited or not 0 <= differed <= audited:
        raise SSLError(f"{differed:,} and {wrong:,} of {audited:,} audited rows cannot be.")
    return (
        f"Of {audited:,} blind answers {differed:,} differed from the pseudo-label; after a second "
        f"look {wrong:,} are wrong."
    )


def seen(planted: int, missed: int, level: Share) -> str:
    """Return what planted wrong labels say of the expert; without any, that nothing is known."""
    if not planted:
        return (
            "No wrong label was planted, so what the expert misses is not known: right means what "
            "the expert says."
        )
    bound, sure = missing(planted, missed, level), fraction(level, "a level")
    return (
        f"Of {planted:,} planted questions, whose answer is known, people gave another answer to "
        f"{missed:,}: of all wrong ones at most "
        f"{percent_up(bound)} are missed, but for a chance of {percent_up(sure)}."
    )


@dataclass(frozen=True, slots=True)
class Stricter:
    """With what the chain is run where the expert lets wrong labels pass.

    Attributes:
        missed: at most this share of wrong labels is missed, at level delta / 5.
        epsilon: in place of epsilon; wrong labels that are seen must be rarer by as much.
        delta: in place of delta.
    """

    missed: Fraction
    epsilon: Fraction
    delta: Fraction


def missing(planted: int, missed: int, level: Share) -> Fraction:
    """Return an upper bound on the share of wrong labels that the expert does not see.

    `planted` labels that are known to be wrong were asked about among the others, and `missed` of
    them were taken for right. Clopper & Pearson (1934), one-sided, rounded up to four decimals and
    checked in integers; 1 where nothing was planted.
    """
    if not 0 <= missed <= planted:
        raise SSLError(f"{missed:,} of {planted:,} planted labels cannot be missed.")
    if missed == planted:
        return Fraction(1)
    at = fraction(level, "a level")
    bound = Fraction(math.floor(upper(missed, planted, float(at)) * DIGITS), DIGITS)
    while not rare(planted, bound, missed, at):
        bound += Fraction(1, DIGITS)
    return bound


def stricter(epsilon: Share, delta: Share, planted: int, missed: int) -> Stricter:
    """Return with what to run everything, so that the promise holds for what is truly wrong.

    If at most a share beta of wrong labels is missed, a set of which more than epsilon is wrong
    shows more than epsilon (1 - beta) wrong. A fifth of delta pays for the bound beta. Unlike the
    chain, this takes it that planted labels are missed as often as others.

    Raises:
        SSLError: so many were missed, or so few planted, that nothing can be promised.
    """
    level = fraction(delta, "delta")
    beta = missing(planted, missed, PART * level)
    if beta >= 1:
        raise SSLError(
            f"{missed:,} of {planted:,} planted wrong labels were missed: that bounds nothing. "
            "Plant more, or let another expert answer."
        )
    return Stricter(beta, fraction(epsilon, "epsilon") * (1 - beta), (1 - PART) * level)
