"""What an audit takes and releases: offers of several sizes, and the plan that is written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count, takewhile
from typing import Any

from annotator.auditing import attempts, planting
from annotator.auditing.attempts import Turn
from annotator.auditing.freezing import Order
from annotator.errors import AnnotatorError, unknown
from annotator.export.proof import record
from annotator.model.auditing.plans import GROUP, Offer, Outlook, Terms
from annotator.store import Store
from ssl_core.errors import SSLError
from ssl_core.measure.certificate.exact import fraction
from ssl_core.measure.certificate.pilot import worlds
from ssl_core.measure.certificate.plan import MANY, Plan, plan, proposed
from ssl_core.measure.certificate.sizes import size_in_pool, sizes

LARGE = 20_000  # rows from which a pool counts as endless: exact sizes would take seconds
EASIER = ("0.98", "0.95", "0.9", "0.8", "0.7", "0.6")  # targets that are told as easier ones
FEW = Fraction(1, 2)  # of all rows: so many labels at most are few
LOWEST = Fraction(1, 2)  # target and confidence below which nobody wants a promise


def check(terms: Terms) -> None:
    """Raise AnnotatorError where target, confidence, retries or groups cannot be promised."""
    attempts.check(terms.retries)
    for name, share in (("target", terms.target), ("confidence", terms.confidence)):
        try:
            fits = fraction(share, name) >= LOWEST
        except SSLError:
            fits = False
        if not fits:
            raise AnnotatorError(
                f"The {name} is {share}; give a share from 0.5 to below 1, such as 0.95."
            )
    if terms.by:
        _check_by(terms)


def _check_by(terms: Terms) -> None:
    """Raise AnnotatorError where this cannot be promised of an average group."""
    if terms.by != GROUP:
        raise AnnotatorError(unknown("way to count", terms.by, [GROUP]))
    if terms.strict:
        raise AnnotatorError(
            "By group, nothing is promised of the images that nobody looks at alone: leave "
            "`--strict` out, or `--by`."
        )
    if terms.each:
        raise AnnotatorError(
            "By group, a promise is about all guesses or about one class, and not about each "
            "of several: name one class (`--class`), or leave `--by` out."
        )


def outlook(store: Store, found: Order, terms: Terms) -> Outlook:
    """Return what audits of several sizes would release, with the least and the proposed one.

    Raises:
        AnnotatorError: the terms cannot be promised.
    """
    check(terms)
    turn = attempts.upcoming(store, terms)
    rows = len(found.rows)
    hoped, level = planting.assumed(terms, turn.level)
    good = list(takewhile(lambda n: n <= min(MANY, rows), good_sizes(rows, hoped.epsilon, level)))
    planned = planner(found, hoped, level)
    offers = [planned(m) for m in good]
    many = planned(min(MANY, rows))
    best = proposed([each for each in offers if each.coverage > 0], many)
    return told(
        store,
        found,
        terms,
        turn,
        least=next(good_sizes(rows, hoped.epsilon, level)),
        offers=[as_offer(each) for each in offers if each.coverage > 0],
        proposed=best.m if best else None,
    )


def told(
    store: Store,
    found: Order,
    terms: Terms,
    turn: Turn,
    *,
    least: int,
    offers: Sequence[Offer],
    proposed: int | None,
    left_out: tuple[str, ...] = (),
    alike: int = 0,
) -> Outlook:
    """What is told before an audit of an order, of one class or of several behind each other."""
    return Outlook(
        round=found.round.number,
        rows=len(found.rows),
        terms=terms,
        least=least,
        offers=tuple(offers),
        proposed=proposed,
        pilot=len(found.wrong),
        attempt=len(turn.spent),
        turn=turn.place,
        turns=len(turn.declared),
        level=turn.level,
        false_at_most=turn.false_at_most,
        left_out=left_out,
        grouped=store.audits.grouped(found.rows.image_ids),
        effects=planting.effects(terms, turn.level),
        alike=alike,
        eased=_eased(len(found.rows), terms, turn),
    )


def _eased(rows: int, terms: Terms, turn: Turn) -> tuple[str, int]:
    """The next lower target that few of the rows can certify, and how many; none is empty."""
    for target in (each for each in EASIER if Fraction(each) < Fraction(terms.target)):
        hoped, level = planting.assumed(replace(terms, target=target), turn.level)
        least = next(good_sizes(rows, hoped.epsilon, level), rows)
        if least <= FEW * rows:
            return target, least
    return "", 0


def good_sizes(rows: int, epsilon: Fraction, level: Fraction) -> Iterator[int]:
    """Numbers of labels at which one more wrong row may be found."""
    if rows > LARGE:
        yield from sizes(epsilon, level)
        return
    for most in count():
        size = size_in_pool(rows, most, epsilon, level)
        if size is None:
            return
        yield size


def planner(found: Order, terms: Terms, level: Fraction) -> Callable[[int], Plan]:
    """What gives the best plan for a number of labels; the same for the same pool, each time."""
    seed = found.rows.seed()
    curves = worlds(found.at, found.wrong, seed)

    def planned(labels: int) -> Plan:
        return plan(
            len(found.rows),
            labels,
            terms.epsilon,
            level,
            curves,
            seed=seed,
            strict=terms.strict,
        )

    return planned


def as_offer(found: Plan) -> Offer:
    """A plan as pages know it."""
    return Offer(found.m, found.M, found.c0, found.cf, found.coverage, found.chance)


def offer(found: Order, terms: Terms, turn: Turn, labels: int) -> Offer:
    """Return the plan for a number of labels, at the level of that turn.

    Raises:
        AnnotatorError: there are not so many rows, or so few labels can certify nothing.
    """
    check(terms)
    rows = len(found.rows)
    if not 1 <= labels <= rows:
        raise AnnotatorError(
            f"{labels:,} images cannot be audited: there are {rows:,} guesses. Give a number "
            f"from 1 to {rows:,}."
        )
    hoped, level = planting.assumed(terms, turn.level)
    least = next(good_sizes(rows, hoped.epsilon, level))
    best = planner(found, hoped, level)(labels)
    if labels < least or best.coverage <= 0:
        raise AnnotatorError(
            f"{labels:,} labels can certify nothing at a target of {terms.target} and a confidence "
            f"of {confidence(turn)}: it takes at least {least:,}, of {rows:,} guesses. "
            "Audit more, choose a lower target, or import more images."
        )
    return as_offer(best)


def confidence(turn: Turn) -> str:
    """`0.99 (attempt 2 of 2 declared)`."""
    told = f"{float(1 - turn.level):g}"
    several = len(turn.declared) > 1
    return f"{told} (attempt {turn.place} of {len(turn.declared)} declared)" if several else told


def written(
    store: Store,
    found: Order,
    terms: Terms,
    turn: Turn,
    best: Offer,
    task: str,
    how: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the plan as evidence has it.

    `how` stands in place of the gates: parts of several classes, or the groups that are drawn.
    """
    rows = found.rows
    labels = (found.names[each] for each in rows.column("class_id"))
    return {
        "task": task,
        "attempt": len(turn.spent),
        "spent": turn.spent,
        "declared": [str(each) for each in turn.declared],
        "turn": turn.place,
        "earlier": [each.plan_hash for each in turn.before],
        "target": terms.target,
        "strict": terms.strict,
        "class": terms.of or None,
        "population": len(rows),
        "pilot": len(found.wrong),
        "M": best.among,
        "m": best.labels,
        "grouped": list(store.audits.grouped(found.rows.image_ids)),
        "planted": planting.chosen(store, terms.planted, found.hash),
        **(how or {"c0": best.start, "cf": best.walk}),
        "order_hash": found.hash,
        "labels_hash": record.pairs_hash(zip(rows.hashes(), labels, strict=True)),
        "splits_hash": record.pairs_hash(store.orders.splits(found.newest)),
        "model_hash": found.round.model_hash or "",
        "known": [],
        "planned_at": instant(time.time()),
    }


def instant(at: float) -> str:
    """Unix seconds as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()
