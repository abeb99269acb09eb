"""What an audit takes and releases: offers of several sizes, and the plan that is written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count, takewhile
from typing import Any

from annotator.auditing.freezing import Order, as_frozen
from annotator.errors import AnnotatorError
from annotator.export.proof import record
from annotator.model.auditing.plans import Offer, Outlook, Terms
from annotator.store import Store
from ssl_core.errors import SSLError
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.exact import fraction
from ssl_core.measure.certificate.pilot import worlds
from ssl_core.measure.certificate.plan import MANY, Plan, plan, proposed
from ssl_core.measure.certificate.sizes import size_in_pool, sizes

LARGE = 20_000  # rows from which a pool counts as endless: exact sizes would take seconds
LOWEST = Fraction(1, 2)  # target and confidence below which nobody wants a promise


def check(terms: Terms) -> None:
    """Raise AnnotatorError where target or confidence is no share that can be promised."""
    for name, share in (("target", terms.target), ("confidence", terms.confidence)):
        try:
            fits = fraction(share, name) >= LOWEST
        except SSLError:
            fits = False
        if not fits:
            raise AnnotatorError(
                f"The {name} is {share}; give a share from 0.5 to below 1, such as 0.95."
            )


def outlook(store: Store, found: Order, terms: Terms) -> Outlook:
    """Return what audits of several sizes would release, with the least and the proposed one.

    Raises:
        AnnotatorError: the terms cannot be promised.
    """
    check(terms)
    rows = len(found.rows)
    good = list(takewhile(lambda n: n <= min(MANY, rows), _sizes(rows, terms)))
    planned = _planner(found, terms)
    offers = [planned(m) for m in good]
    many = planned(min(MANY, rows))
    best = proposed([each for each in offers if each.coverage > 0], many)
    spent = spent_so_far(store)
    return Outlook(
        round=found.round.number,
        rows=rows,
        terms=terms,
        least=next(_sizes(rows, terms)),
        offers=tuple(_offer(each) for each in offers if each.coverage > 0),
        proposed=best.m if best else None,
        pilot=len(found.wrong),
        attempt=len(spent) + 1,
        false_at_most=any_of([*spent, terms.delta]),
    )


def _sizes(rows: int, terms: Terms) -> Iterator[int]:
    """Numbers of labels at which one more wrong row may be found."""
    if rows > LARGE:
        yield from sizes(terms.epsilon, terms.delta)
        return
    for most in count():
        size = size_in_pool(rows, most, terms.epsilon, terms.delta)
        if size is None:
            return
        yield size


def _planner(found: Order, terms: Terms) -> Callable[[int], Plan]:
    """What gives the best plan for a number of labels; the same for the same pool, each time."""
    seed = int(record.order_hash(_order(found))[:15], 16)
    curves = worlds(found.at, found.wrong, seed)

    def planned(labels: int) -> Plan:
        return plan(
            len(found.rows),
            labels,
            terms.epsilon,
            terms.delta,
            curves,
            seed=seed,
            strict=terms.strict,
        )

    return planned


def _order(found: Order) -> list[record.Frozen]:
    return [
        record.Frozen(each.sha256, "pool", each.rank, each.score, found.names[each.class_id])
        for each in found.rows
    ]


def _offer(found: Plan) -> Offer:
    return Offer(found.m, found.M, found.c0, found.cf, found.coverage, found.chance)


def offer(found: Order, terms: Terms, labels: int) -> Offer:
    """Return the plan for a number of labels.

    Raises:
        AnnotatorError: there are not so many rows, or so few labels can certify nothing.
    """
    check(terms)
    rows = len(found.rows)
    if not 1 <= labels <= rows:
        raise AnnotatorError(
            f"{labels:,} images cannot be audited: there are {rows:,} pseudo-labels. Give a number "
            f"from 1 to {rows:,}."
        )
    least = next(_sizes(rows, terms))
    best = _planner(found, terms)(labels)
    if labels < least or best.coverage <= 0:
        raise AnnotatorError(
            f"{labels:,} labels can certify nothing at a target of {terms.target} and a confidence "
            f"of {terms.confidence}: it takes at least {least:,}, of {rows:,} pseudo-labels. Audit "
            "more, choose a lower target, or import more images."
        )
    return _offer(best)


def spent_so_far(store: Store) -> list[str]:
    """The level of each audit that was drawn, whatever became of it."""
    return [each.plan["spent"][-1] for each in store.audits.all() if each.seed is not None]


def written(store: Store, found: Order, terms: Terms, best: Offer, task: str) -> dict[str, Any]:
    """Return the plan as evidence has it."""
    everything = as_frozen(store, found.rows, found.names, found.newest)
    spent = [*spent_so_far(store), str(terms.delta)]
    rows = everything[: len(found.rows)]
    return {
        "task": task,
        "attempt": len(spent),
        "spent": spent,
        "target": terms.target,
        "strict": terms.strict,
        "population": len(rows),
        "pilot": len(found.wrong),
        "M": best.among,
        "m": best.labels,
        "c0": best.start,
        "cf": best.walk,
        "order_hash": record.order_hash(rows),
        "labels_hash": record.labels_hash(rows),
        "splits_hash": record.splits_hash(everything),
        "model_hash": found.round.model_hash or "",
        "known": [],
        "planned_at": instant(time.time()),
    }


def instant(at: float) -> str:
    """Unix seconds as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()
