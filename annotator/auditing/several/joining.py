"""What an audit of several classes takes and releases: an order, a plan and labels of each.

Each class begins with an equal part of the chance to be false. It is asked enough for as many wrong
ones as every other: none, one, two, and so on, as far as the labels go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from annotator.auditing import attempts, planning, planting
from annotator.auditing.attempts import Turn
from annotator.auditing.freezing import Order, orders
from annotator.errors import AnnotatorError
from annotator.model.auditing.plans import Offer, Outlook, Terms
from annotator.model.columns.ranks import behind
from annotator.store import Store
from ssl_core.measure.certificate.plan import ENOUGH, MANY
from ssl_core.measure.certificate.subsets import each_class

SIZES = 6  # numbers of labels that are looked at for each class


@dataclass(frozen=True, slots=True)
class Joined:
    """The orders of several classes.

    Attributes:
        each: by class, in the order of the plan.
        left_out: classes that were asked for and have no pseudo-label.
    """

    each: Mapping[str, Order]
    left_out: tuple[str, ...]

    @property
    def whole(self) -> Order:
        """All of them as one order: a class behind the other, ranks counted through."""
        found = list(self.each.values())
        return replace(
            found[0],
            rows=behind([order.rows for order in found]),
            at=np.concatenate([order.at for order in found]),
            wrong=np.concatenate([order.wrong for order in found]),
        )


def joined(store: Store, terms: Terms) -> tuple[Joined, Terms]:
    """Read the pseudo-labels of the newest round by class; and the terms with those that have any.

    Raises:
        AnnotatorError: there is no such class, one is named twice, or fewer than two have any.
        RoundError: no round has finished, or no image is left without a label.
    """
    if twice := sorted({each for each in terms.each if terms.each.count(each) > 1}):
        raise AnnotatorError(f"The class '{twice[0]}' is named twice. Name each class once.")
    each = orders(store, terms.each)
    if len(each) < 2:
        named = f"only '{next(iter(each))}'" if each else "none"
        raise AnnotatorError(
            f"Of {len(terms.each)} classes {named} has guesses. Name two or more that have, "
            "or certify one alone (`--class`), or all together."
        )
    left_out = tuple(name for name in terms.each if name not in each)
    return Joined(each, left_out), replace(terms, each=tuple(each))


def outlook(store: Store, terms: Terms) -> Outlook:
    """Return what audits of several sizes would release of each class.

    Raises:
        AnnotatorError: the terms cannot be promised, or not of these classes.
        RoundError: there is nothing to certify yet.
    """
    planning.check(terms)
    found, terms = joined(store, terms)
    turn = attempts.upcoming(store, terms)
    offers = offered(found, *planting.assumed(terms, turn.level))
    return planning.told(
        store,
        found.whole,
        terms,
        turn,
        least=sum(least(found, *planting.assumed(terms, turn.level)).values()),
        offers=offers,
        proposed=_proposed(offers),
        left_out=found.left_out,
    )


def least(found: Joined, terms: Terms, level: Fraction) -> dict[str, int]:
    """The labels of each class below which nothing of it can be certified."""
    part = each_class(level, len(found.each))
    return {
        name: next(planning.good_sizes(len(order.rows), terms.epsilon, part))
        for name, order in found.each.items()
    }


def offered(found: Joined, terms: Terms, level: Fraction) -> list[Offer]:
    """Return audits by rising number of labels, in each of which every class has a chance."""
    part, rows = each_class(level, len(found.each)), len(found.whole.rows)
    by_class = []
    for name, order in found.each.items():
        most = min(MANY, len(order.rows))
        good = islice(planning.good_sizes(len(order.rows), terms.epsilon, part), SIZES)
        sizes = [size for size in good if size <= most]
        planned = planning.planner(order, terms, part)
        by_class.append([replace(planning.as_offer(planned(m)), of=name) for m in sizes or [most]])
    found_offers: dict[int, Offer] = {}
    for place in range(max(len(each) for each in by_class)):
        parts = tuple(each[min(place, len(each) - 1)] for each in by_class)
        if all(each.coverage > 0 for each in parts):
            whole = _whole(parts, [len(order.rows) for order in found.each.values()], rows)
            found_offers.setdefault(whole.labels, whole)
    return sorted(found_offers.values(), key=lambda each: each.labels)


def _whole(parts: tuple[Offer, ...], rows: Sequence[int], all_rows: int) -> Offer:
    """One offer for all classes: its coverage is that of all rows, its chance the least of any."""
    released = sum(each.coverage * n for each, n in zip(parts, rows, strict=True))
    return Offer(
        labels=sum(each.labels for each in parts),
        among=sum(each.among for each in parts),
        start=0,
        walk=0,
        coverage=released / all_rows,
        chance=min(each.chance for each in parts),
        parts=parts,
    )


def _proposed(offers: Sequence[Offer]) -> int | None:
    """The labels of the smallest offer that is as good as worth it."""
    for each in offers:
        if each.chance >= ENOUGH and each.coverage >= ENOUGH * offers[-1].coverage:
            return each.labels
    return None


def offer(found: Joined, terms: Terms, turn: Turn, labels: int) -> Offer:
    """Return the best audit for at most that number of labels.

    Raises:
        AnnotatorError: so few labels can certify nothing of some class.
    """
    hoped, level = planting.assumed(terms, turn.level)
    fitting = [each for each in offered(found, hoped, level) if each.labels <= labels]
    if fitting:
        return fitting[-1]
    needed = least(found, hoped, level)
    told = ", ".join(f"'{name}' {n:,}" for name, n in needed.items())
    raise AnnotatorError(
        f"{labels:,} labels are too few for {len(needed)} classes that are to hold together at a "
        f"target of {terms.target}: they take at least {sum(needed.values()):,} ({told}). Give "
        "more, name fewer classes, or choose a lower target."
    )


def as_parts(found: Joined, best: Offer) -> list[dict[str, Any]]:
    """The parts of the plan as evidence has them."""
    return [
        {
            "class": each.of,
            "population": len(found.each[each.of].rows),
            "M": each.among,
            "m": each.labels,
            "c0": each.start,
            "cf": each.walk,
        }
        for each in best.parts
    ]
