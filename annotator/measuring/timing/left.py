"""Time left: each part of a job by its own pace so far, and by that of its like before."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model import Part

TRUST = 0.1  # share of a part after which its own pace counts as much as what was known before
LEAST = 0.02  # share of a part that must be done for its own pace to tell, where nothing else does
CALM = 1.0  # seconds of work, as they usually are, that speak for the usual pace


def left(parts: Sequence[Part]) -> float | None:
    """Return the seconds until all parts are done; None while any of them could take anything.

    Args:
        parts: all that there are, done or not.
    """
    pace, total = slower(parts), 0.0
    for part in parts:
        if part.ended:
            continue
        each = rate(part, pace)
        if each is None:
            return None
        total += (part.amount - part.done) * each
    return total


def rate(part: Part, pace: float = 1.0) -> float | None:
    """Return the seconds that one more of a part will take; None where nothing tells.

    Args:
        part: the one asked about.
        pace: how many times slower the machine is than it was when earlier jobs were done.
    """
    usual = part.usual
    if usual is not None and part.remembered:
        usual *= pace
    if not part.done:
        return usual
    own = part.seconds / part.done
    if usual is None:
        return own if part.share >= LEAST else None
    trust = part.share / (part.share + TRUST)
    return trust * own + (1 - trust) * usual


def slower(parts: Sequence[Part]) -> float:
    """Return how many times slower the parts went than in earlier jobs.

    Where a machine does other work too, it is slower at everything, and likely stays so a while.
    """
    known = [each for each in parts if each.remembered and each.usual is not None and each.done]
    expected = sum(each.usual * each.done for each in known if each.usual is not None)
    taken = sum(each.seconds for each in known)
    return (taken + CALM) / (expected + CALM)


def share(parts: Sequence[Part]) -> float | None:
    """Return how far the job is, 0 to 1, by time; None while nobody can tell."""
    rest, taken = left(parts), sum(each.seconds for each in parts)
    if rest is None:
        return None
    return taken / (taken + rest) if taken + rest else 1.0
