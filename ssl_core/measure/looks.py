"""Looks: a share is measured again and again, and one promise holds for all of it.

An exact interval holds for one look. Who looks after every round, and stops at the first that
pleases, looks many times: the chance of being misled adds up. So each look gets a part of it, all
parts together make the level (alpha spending), and the bound of each look is exact (Clopper &
Pearson, 1934). The sum bounds the chance whatever the looks have in common (Bonferroni): the same
rows judge every round, and each round has a model of its own. A bound for one model that is
watched row by row, as of Robbins (1970) or of Waudby-Smith and Ramdas (2024), says nothing of the
next model.
"""

from __future__ import annotations

from collections.abc import Sequence

from ssl_core.measure.proportion import upper


def lower(x: int, n: int, level: float) -> float:
    """Return the one-sided lower bound of a share of which x of n were seen, at 1 - level."""
    return 1 - upper(n - x, n, level)


def part(number: int, level: float) -> float:
    """Return what the look of this number, from 1 on, has of the level.

    All parts add up to it: 1/2 + 1/6 + 1/12 + … = 1.
    """
    return level / (number * (number + 1))


def parts(sizes: Sequence[int], goal: float, level: float) -> list[float]:
    """Return what each look has of the level, by how many rows each counts (k,).

    A look that could not show the goal even if all its rows were right is none: it spends nothing.
    So whether it spends is decided by its rows' number alone, never by what they say.
    """
    found, number = [], 1
    for n in sizes:
        found.append(part(number, level))
        number += lower(n, n, found[-1]) >= goal
    return found


def shown(looks: Sequence[tuple[int, int]], goal: float, level: float = 0.025) -> list[bool]:
    """Tell which looks (k,) show that their share is the goal or more.

    With a chance of 1 - level or more, none of all looks shows it of a share below the goal. That
    supposes that what is judged, and when, does not depend on how the rows came out before.

    Args:
        looks: rows that are right and all rows that were judged, in the order of looking.
        goal: a share, 0 to 1.
        level: of all looks together.
    """
    each = parts([n for _, n in looks], goal, level)
    return [lower(x, n, at) >= goal for (x, n), at in zip(looks, each, strict=True)]


def missed(looks: Sequence[tuple[int, int]], goal: float, level: float = 0.025) -> list[bool]:
    """Tell which looks (k,) show that their share is the goal or less, as `shown` does."""
    return shown([(n - x, n) for x, n in looks], 1 - goal, level)
