"""The pace of late: a machine gets busier or calmer in the middle of a part."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 1 / 3  # of the seconds that a part has had: so much of it, at least, is of late
FEW = 6  # moments that tell a pace of late


def lately(trail: Sequence[tuple[float, float]]) -> float | None:
    """Return the seconds that one took of late; None where too little of it was seen.

    Args:
        trail: (how much was done, seconds that had taken) of a part, in their order.
    """
    if len(trail) < FEW:
        return None
    done, seconds = trail[-1]
    begun = [each for each in trail[: 1 - FEW // 2] if each[1] <= seconds * (1 - WINDOW)]
    if not begun:
        return None
    before, then = begun[-1]
    return (seconds - then) / (done - before) if done > before and seconds > then else None
