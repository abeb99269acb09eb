"""Time left: each part of a job by its own pace of late, and by that of its like before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.model import Part

TRUST = 0.05  # share of a part after which its own pace counts as much as what was known before
LEAST = 0.02  # share of a part that must be done for its own pace to tell, where nothing else does
CALM = 1.0  # seconds of work, as they usually are, that speak for the usual pace
FADING = 60.0  # seconds of later work that make what was seen before count half
# Share of all that was tried beforehand that speaks for what the trial told: one part may differ
# from its few steps for reasons of its own
TRIED = 0.3


@dataclass(frozen=True, slots=True)
class Pace:
    """How many times slower parts go than was known before: as earlier jobs did, and as tried."""

    remembered: float = 1.0
    tried: float = 1.0


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


def most(parts: Sequence[Part]) -> float | None:
    """Return likewise what it may take if all that is not settled yet turns out to take longer."""
    rest, pace = left(parts), slower(parts)
    if rest is None:
        return None
    return rest + sum(each.spare * pace.tried for each in parts if not each.ended)


def rate(part: Part, pace: Pace = Pace()) -> float | None:
    """Return the seconds that one more of a part will take; None where nothing tells.

    Args:
        part: the one asked about.
        pace: how many times slower the machine is than what was known before.
    """
    usual = part.usual
    if usual is not None:
        usual *= pace.remembered if part.remembered else pace.tried
    if not part.done:
        return usual
    own = _own(part)
    if usual is None:
        return own if part.share >= LEAST else None
    trust = part.share / (part.share + TRUST)
    return trust * own + (1 - trust) * usual


def _own(part: Part) -> float:
    """Seconds for one of a part so far. What it took of late counts as much as all of it."""
    mean = part.seconds / part.done
    return mean if part.lately is None else float((mean * part.lately) ** 0.5)


def slower(parts: Sequence[Part]) -> Pace:
    """Return how many times slower the parts went than in earlier jobs, and than was tried.

    Where a machine does other work too, it is slower at everything, and likely stays so a while.
    """
    known = [each for each in parts if each.usual is not None]
    tried = [each for each in known if not each.remembered]
    trust = max(CALM, TRIED * sum((each.usual or 0.0) * each.amount for each in tried))
    return Pace(_slower((each for each in known if each.remembered), CALM), _slower(tried, trust))


def _slower(parts: Iterable[Part], trust: float) -> float:
    """The like of some parts, in their order, with so many seconds that speak for no change."""
    taken = expected = 0.0
    for each in parts:
        if each.done and each.usual is not None:
            fading = FADING / (FADING + each.seconds)
            taken = taken * fading + _own(each) * each.done
            expected = expected * fading + each.usual * each.done
    return (taken + trust) / (expected + trust)


def share(parts: Sequence[Part]) -> float | None:
    """Return how far the job is, 0 to 1, by time; None while nobody can tell."""
    rest, taken = left(parts), sum(each.seconds for each in parts)
    if rest is None:
        return None
    return taken / (taken + rest) if taken + rest else 1.0
