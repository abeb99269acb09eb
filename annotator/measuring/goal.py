"""Whether the goal is reached: looked at after every round, with one promise for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model import Advice, Look
from annotator.wording import could_not, percent

LEVEL = 0.025  # chance that one of all rounds is said to have reached a goal that it has not
SURE = f"with {percent(1 - LEVEL)} confidence for all rounds together"


def reached(looks: Sequence[Look], goal: float, unjudged: int = 0) -> Advice:
    """Say whether the newest round has reached the goal, or an earlier one had.

    A round is judged once, on the test labels that there were when it ended: those that come later
    count for the next. See `ssl_core.measure.looks.shown` for what is promised.

    Args:
        looks: of each finished round, oldest first; at least one.
        goal: the accuracy that is wanted.
        unjudged: test images that were put off or that nobody can tell.
    """
    # Imported here: commands and pages that judge nothing start without it
    from ssl_core.measure.looks import missed, shown

    last, counts = looks[-1], [(each.right, each.n) for each in looks]
    above, wanted = shown(counts, goal, LEVEL), f"The goal of {percent(goal)}"
    if not last.n:
        return Advice(
            f"{wanted} was not looked at yet: no test image had been labeled when round "
            f"{last.round} ended. Those labeled since count from the next round on.",
            False,
        )
    of_last = f"{_told(last)} when it ended{could_not(unjudged, last.n)}"
    if above[-1]:
        return Advice(f"{wanted} is reached, {SURE}: {of_last}.", True)
    if missed(counts, goal, LEVEL)[-1]:
        return Advice(f"{wanted} is not reached, {SURE}: {of_last}.", False)
    if any(above):
        first = looks[above.index(True)]
        return Advice(
            f"{wanted} was reached in round {first.round}, {SURE}: {_told(first)}. Of the newest "
            f"that is not certain: {of_last}.",
            True,
        )
    open_ = (
        f"may be reached, but that is not certain {_why(looks)}"
        if last.right >= goal * last.n
        else f"was not reached on these test images, but it is not ruled out {_why(looks)}"
    )
    return Advice(
        f"{wanted} {open_}: {of_last}. More test labels would tell; they count from the next "
        "round on.",
        False,
    )


def _why(looks: Sequence[Look]) -> str:
    """Why nothing is certain: each look at the same goal takes a part of what may be wrong."""
    return "after so many looks" if len(looks) > 1 else "with so few test labels"


def _told(look: Look) -> str:
    return (
        f"round {look.round} had {look.right:,} of {look.n:,} test images right "
        f"({percent(look.right / look.n)})"
    )
