"""An average group, such as a patient: a group is drawn, then one of its images, time and again.

The draws are independent, so the wrong ones among them are binomial with the mean over groups of
the share that is wrong in each, however alike the images of a group are. It is one test of one set,
which was fixed before: all rows that are drawn from are released, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.auditing import attempts, planning, planting
from annotator.auditing.attempts import Turn
from annotator.auditing.freezing import Order
from annotator.errors import AnnotatorError
from annotator.model.auditing.plans import GROUP, Offer, Outlook, Terms
from annotator.store import Store
from ssl_core.measure.certificate import drawn_of_groups
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.pilot import worlds
from ssl_core.measure.certificate.plan import MANY, Plan, plan_of_groups, proposed
from ssl_core.measure.certificate.sizes import sizes
from ssl_core.measure.certificate.subsets import cut

MOST = 10_000  # draws; their arithmetic would take seconds beyond


def outlook(store: Store, found: Order, terms: Terms) -> Outlook:
    """Return what audits of several sizes would release, where an average group is promised.

    Raises:
        AnnotatorError: the terms cannot be promised, or no groups are known.
    """
    planning.check(terms)
    groups, turn = _numbers(store, found), attempts.upcoming(store, terms)
    hoped, level = planting.assumed(terms, turn.level)
    planned = _planner(found, groups, hoped, level)
    good = takewhile(lambda n: n <= MANY, sizes(hoped.epsilon, level))
    plans = [planned(draws) for draws in good]
    worth = [each for each in plans if each.coverage > 0]
    best = proposed(worth, plans[-1]) if plans else None
    return planning.told(
        store,
        found,
        terms,
        turn,
        least=next(sizes(hoped.epsilon, level)),
        offers=[planning.as_offer(each) for each in worth],
        proposed=best.m if best else None,
        alike=next(planning.good_sizes(len(found.rows), hoped.epsilon, level), 0),
    )


def _planner(
    found: Order, groups: NDArray[np.int64], terms: Terms, level: Fraction
) -> Callable[[int], Plan]:
    """What gives the best plan for a number of draws; the same for the same pool, each time."""
    curves = worlds(found.at, found.wrong, found.rows.seed())
    return lambda draws: plan_of_groups(groups, draws, terms.epsilon, level, curves)


def offer(store: Store, found: Order, terms: Terms, turn: Turn, labels: int) -> Offer:
    """Return the plan for a number of draws, at the level of that turn.

    Raises:
        AnnotatorError: the terms cannot be promised, no groups are known, or so few or so many
            draws are none that can be made.
    """
    planning.check(terms)
    groups = _numbers(store, found)
    hoped, level = planting.assumed(terms, turn.level)
    least = next(sizes(hoped.epsilon, level))
    if not least <= labels <= MOST:
        raise AnnotatorError(
            f"{labels:,} draws of a group can certify nothing at a target of {terms.target} and a "
            f"confidence of {planning.confidence(turn)}: give {least:,} to {MOST:,}, or choose a "
            "lower target."
        )
    return planning.as_offer(_planner(found, groups, hoped, level)(labels))


def _numbers(store: Store, found: Order) -> NDArray[np.int64]:
    """The group of each row of an order, numbered as they appear in it.

    Raises:
        AnnotatorError: no two of the images belong together.
    """
    ids = found.rows.image_ids
    if not store.audits.grouped(ids)[0]:
        raise AnnotatorError(
            "No two of the images with a guess belong together, so an average group is an "
            "image like any other: leave `--by` out. Groups, such as patients, come with an import "
            "(`--group`)."
        )
    return store.audits.numbered(ids)


def as_plan(store: Store, found: Order, best: Offer) -> dict[str, Any]:
    """What the plan has in place of gates. A group is a number: no name goes out."""
    return {"by": GROUP, "groups": _numbers(store, found)[: best.among].tolist()}


def ranks(plan: Mapping[str, Any], seed: int) -> list[int]:
    """What the seed draws, draw by draw: a rank may come twice."""
    return drawn_of_groups(seed, plan["groups"], plan["m"])


def wrong(drawn: Sequence[int], errors: Sequence[int]) -> int:
    """How many draws came to one of the wrong rows."""
    found = {*errors}
    return sum(rank in found for rank in drawn)


def most(plan: Mapping[str, Any], epsilon: Fraction, level: Fraction) -> int:
    """How many draws may be wrong; -1 where not even none may."""
    return cut(plan["m"], epsilon, level) if epsilon else -1


def proved(
    plan: Mapping[str, Any], seed: int, errors: Sequence[int], epsilon: Fraction, level: Fraction
) -> dict[str, Any]:
    """Return what evidence says of what is released: counts and the one claim.

    Args:
        plan: of an average group.
        seed: that drew.
        errors: ranks of the wrong rows.
        epsilon: with what it is tested; less where the expert may miss some.
        level: chance that the promise is false.
    """
    may, drawn = most(plan, epsilon, level), ranks(plan, seed)
    found = wrong(drawn, errors)
    passed = found <= may
    claim = {"average": plan["target"], "false_at_most": str(any_of(plan["spent"]))}
    return {
        "gates": [],
        "average": {"groups": len({*plan["groups"]}), "cut": may, "wrong": found},
        "k": plan["M"] if passed else 0,
        "n": len({*drawn}) if passed else 0,
        "x": len({*errors}) if passed else 0,
        "claims": claim if passed else None,
    }
