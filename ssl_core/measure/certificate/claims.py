"""The three sentences of a certificate, with every number rounded to the safe side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.chain import allowed
from ssl_core.measure.certificate.exact import Share, fraction


@dataclass(frozen=True, slots=True)
class Claims:
    """What holds, all of it at once, with a chance of at least 1 - delta.

    Attributes:
        k: pseudo-labels released, the first of the order.
        n: of them audited.
        x: of these wrong, and corrected.
        wrong: of the k, at most so many are.
        proposed: A, the share of the k proposed pseudo-labels that is right at least.
        corrected: B, likewise after the x errors were corrected.
        unseen: C, likewise of the k - n that nobody looked at; None where all were.
    """

    k: int
    n: int
    x: int
    wrong: int
    proposed: Fraction
    corrected: Fraction
    unseen: Fraction | None


def claims(k: int, n: int, x: int, epsilon: Share, less: int = 0) -> Claims:
    """Return what a release of the first k rows claims, n of them audited, x of these wrong.

    Args:
        k: as `chain` returns it, at least 1.
        n: audited rows before k.
        x: wrong ones among them.
        epsilon: share that may be wrong.
        less: as for `gates`.

    Raises:
        SSLError: nothing was released, or the counts contradict each other.
    """
    if k < 1:
        raise SSLError("Nothing was released, so nothing is claimed.")
    wrong = allowed(epsilon, k, less)
    if not 0 <= x <= n <= k or x > wrong:
        raise SSLError(f"{x:,} wrong of {n:,} audited among {k:,} cannot follow from the chain.")
    left = wrong - x
    unseen = 1 - Fraction(left, k - n) if k > n else None
    return Claims(k, n, x, wrong, 1 - Fraction(wrong, k), 1 - Fraction(left, k), unseen)


def sentences(found: Claims, delta: Share, attempt: int = 1) -> tuple[str, str, str]:
    """Return the three sentences A, B and C.

    Args:
        found: the claims.
        delta: chance that they are false, of all attempts up to this one together.
        attempt: number of this one for the same task, from 1.
    """
    k, n, left = found.k, found.n, found.wrong - found.x
    sure = _sure(delta, attempt)
    proposed = (
        f"Of the {k:,} pseudo-labels proposed, at least {k - found.wrong:,} are right "
        f"({percent_down(found.proposed)}). {sure}"
    )
    corrected = (
        f"With the {found.x:,} wrong ones among the {n:,} audited corrected, at least "
        f"{k - left:,} of the {k:,} labels are right ({percent_down(found.corrected)})."
    )
    if found.unseen is None:
        return proposed, corrected, "There is no pseudo-label that nobody looked at."
    unseen = (
        f"Of the {k - n:,} pseudo-labels that nobody looked at, at least {k - n - left:,} are "
        f"right ({percent_down(found.unseen)})."
    )
    return proposed, corrected, unseen


def average(k: int, groups: int, epsilon: Share, delta: Share, attempt: int = 1) -> str:
    """Return the one sentence where an average group is promised, as `sentences` does.

    Args:
        k: pseudo-labels released.
        groups: that these are of.
        epsilon: share that may be wrong, on the mean over groups.
        delta: see `sentences`.
        attempt: see `sentences`.
    """
    share = percent_down(1 - fraction(epsilon, "epsilon"))
    return (
        f"Of the {k:,} pseudo-labels proposed, those of an average group are right to at least "
        f"{share}: each of {groups:,} groups counts alike, however many images it has. "
        f"{_sure(delta, attempt)}"
    )


def _sure(delta: Share, attempt: int) -> str:
    chance = percent_up(fraction(delta, "delta"))
    if attempt == 1:
        return f"The chance that this is false is at most {chance}."
    return f"Attempt {attempt}; the chance that any of the {attempt} is false is at most {chance}."


def percent_down(share: Fraction) -> str:
    """`94.87 %`: never more than the share."""
    return _percent(int(share * 10_000))


def percent_up(share: Fraction) -> str:
    """`5 %`: never less than the share."""
    return _percent(-int(-share * 10_000 // 1))


def _percent(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    digits = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"{digits}\N{NO-BREAK SPACE}%"
