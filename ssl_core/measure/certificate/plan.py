"""The plan: where to look and how boldly, from validation rows. It cannot break the promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.chain import gates
from ssl_core.measure.certificate.exact import Share
from ssl_core.measure.certificate.pilot import CELLS
from ssl_core.measure.certificate.subsets import cut

Floats = NDArray[np.float64]

LOOKS = np.linspace(0.1, 1, 19)  # shares of the order that may be drawn from
ENOUGH = 0.9  # chance, and share of the coverage with MANY labels, that a proposal has
MANY = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fixed before the draw, and what to expect of it.

    Attributes:
        M: draw from the first M rows of the order.
        m: so many.
        c0: gate to start at.
        cf: gate from which on every prefix is tested.
        coverage: share of the order that is released on the mean.
        chance: that anything is.
    """

    M: int
    m: int
    c0: int
    cf: int
    coverage: float
    chance: float


def plan(
    rows: int,
    m: int,
    epsilon: Share,
    delta: Share,
    curves: Floats,
    *,
    seed: int,
    strict: bool = False,
) -> Plan:
    """Return the plan with the largest expected coverage.

    Each curve is a world: in it the errors of the audit arrive, along the order, as a Poisson
    process. The chain is played in each, for every part of the order to draw from, every gate to
    start at and several to walk from.

    Args:
        rows: of the order.
        m: labels to spend; all rows are drawn where there are fewer.
        epsilon: share that may be wrong.
        delta: chance that the promise may be false.
        curves: worlds (S, CELLS + 1), as `pilot.worlds` draws them.
        seed: of the arrivals; a number that follows from the pool, so that a plan repeats.
        strict: whether the promise is to hold of the rows that nobody looks at.

    Raises:
        SSLError: no row or no label.
    """
    if rows < 1 or m < 1:
        raise SSLError(f"Nothing can be planned with {rows:,} rows and {m:,} labels.")
    m = min(m, rows)
    arrivals = np.random.default_rng(seed).exponential(size=(m + 1, len(curves))).cumsum(0)
    best = Plan(rows, m, 0, 0, 0.0, 0.0)
    for look in sorted({max(m, round(share * rows)) for share in LOOKS}):
        found = gates(look, m, epsilon, delta, m if strict else 0)
        if not found:
            continue
        ends = np.array([*found, look]) / rows
        for cf, released in played(ends, curves, arrivals * (look / (m * rows))):
            means = released.mean(1)
            place = int(means.argmax())
            if means[place] > best.coverage:
                chance = float((released[place] > 0).mean())
                best = Plan(look, m, cf - place, cf, float(means[place]), chance)
    return best


def plan_of_groups(
    groups: NDArray[np.int64], m: int, epsilon: Share, delta: Share, curves: Floats
) -> Plan:
    """Return the plan with the largest expected coverage where an average group is promised.

    There is one test and no gate: all rows that are drawn from are released, or none. In each world
    the wrong draws are binomial with the mean over groups of how likely their rows are wrong.

    Args:
        groups: of the rows of the order, by rank (rows,).
        m: draws to spend.
        epsilon: share that may be wrong.
        delta: chance that the promise may be false.
        curves: worlds (S, CELLS + 1), as `pilot.worlds` draws them.

    Raises:
        SSLError: no row or no draw.
    """
    rows = len(groups)
    if rows < 1 or m < 1:
        raise SSLError(f"Nothing can be planned with {rows:,} rows and {m:,} draws.")
    most, best = cut(m, epsilon, delta), Plan(rows, m, 0, 0, 0.0, 0.0)
    if most < 0:
        return best
    likely = np.diff(curves, axis=1) * CELLS  # (S, CELLS): chance to be wrong along the order
    cells = np.arange(rows) * CELLS // rows
    for look in sorted({max(1, round(share * rows)) for share in LOOKS}):
        own = groups[:look]
        sizes = np.bincount(own)
        weights = 1 / (sizes[own] * np.count_nonzero(sizes))  # every group alike
        wrong = likely @ np.bincount(cells[:look], weights, minlength=CELLS)
        passes = float(bdtr(most, m, wrong.clip(0, 1)).mean())
        if passes * look / rows > best.coverage:
            best = Plan(look, m, 0, 0, passes * look / rows, passes)
    return best


def played(ends: Floats, curves: Floats, levels: Floats) -> Iterator[tuple[int, Floats]]:
    """Play the chain in every world; give `cf` and what it releases, as a share of the order.

    What is released is of all gates to start at, from `cf` down to the first: (cf + 1, S).

    Args:
        ends: the gates (C + 1,) and the end, as shares of the order.
        curves: (S, CELLS + 1), each rising.
        levels: height (m + 1, S) of each world's curve at which its next audited error is.
    """
    last = len(ends) - 2
    at = _reaches(curves, levels[: last + 1])  # of the (c+1)-th error
    passes = at >= ends[:-1, None]
    walked = np.empty_like(at)
    for c in range(last, -1, -1):
        rest = walked[c + 1] if c < last else ends[-1]
        walked[c] = np.where(at[c] < ends[c + 1], at[c], rest)
    for cf in sorted({0, 1, 2, last // 4, last // 2, max(last - 1, 0), last}):
        if cf > last:
            continue
        released, then = np.empty((cf + 1, len(curves))), walked[cf]
        for place, c0 in enumerate(range(cf, -1, -1)):
            released[place] = np.where(passes[c0], then, 0.0)
            then = np.where(passes[c0], then, ends[c0 - 1] if c0 else 0.0)
        yield cf, released


def _reaches(curves: Floats, heights: Floats) -> Floats:
    """Where each curve (S, CELLS + 1), which rises, reaches its heights (C, S): (C, S), 0 to 1.

    2 where it never does.
    """
    each = np.arange(len(curves))
    cell = _lower(curves, heights)
    inside = np.minimum(cell, CELLS)
    low, high = curves[each, np.maximum(inside - 1, 0)], curves[each, inside]
    part = np.where(high > low, (heights - low) / np.where(high > low, high - low, 1.0), 0.0)
    found: Floats = np.where(cell > CELLS, 2.0, (np.maximum(inside - 1, 0) + part) / CELLS)
    return found


def _lower(curves: Floats, heights: Floats) -> NDArray[np.int64]:
    """How many points of each curve (S, CELLS + 1) are below each of its heights (C, S): (C, S).

    By halves, of all at once, as the curves rise.
    """
    points, first = curves.ravel(), np.arange(len(curves)) * (CELLS + 1)
    found = np.broadcast_to(first, heights.shape).copy()
    left = CELLS + 1
    while left > 1:
        half = left // 2
        found += half * (points[found + half - 1] < heights)
        left -= half
    return found + (points[found] < heights) - first


def budgets(
    rows: int,
    sizes: Sequence[int],
    epsilon: Share,
    delta: Share,
    curves: Floats,
    **options: Any,
) -> list[Plan]:
    """Return a plan for each number of labels, of those that the order has rows for."""
    return [plan(rows, m, epsilon, delta, curves, **options) for m in sizes if m <= rows]


def proposed(plans: Sequence[Plan], much: Plan) -> Plan | None:
    """Return the plan with the fewest labels that is as good as worth it; None if none is.

    Its chance of releasing anything is ENOUGH, and so is its coverage, as a share of that of the
    plan with MANY labels.
    """
    for each in sorted(plans, key=lambda found: found.m):
        if each.chance >= ENOUGH and 0 < ENOUGH * much.coverage <= each.coverage:
            return each
    return None
