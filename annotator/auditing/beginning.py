"""Order and plan are written down, and only then a seed is drawn: what makes it a proof."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from annotator.asking.order import anew
from annotator.auditing import attempts, extending, freezing, grouping, planning
from annotator.auditing.several import joining
from annotator.auditing.several.parts import parts_of
from annotator.errors import AnnotatorError
from annotator.export.proof import record
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.store import Store
from ssl_core.measure.certificate import drawn, drawn_of_each

BITS = 128  # of a seed


def begin(store: Store, labels: int, terms: Terms, *, task: str, person: str) -> Audit:
    """Freeze the order, write the plan, draw the images, and put them among the questions.

    Raises:
        AnnotatorError: another audit is open, the terms cannot be promised or with so few labels,
            or an answer came in just now; nothing is asked.
        RoundError: there is nothing to certify yet.
    """
    _none_open(store, person)
    planning.check(terms)
    how: dict[str, Any] | None = None
    if terms.each:
        classes, terms = joining.joined(store, terms)
        found, turn = classes.whole, attempts.upcoming(store, terms)
        best = joining.offer(classes, terms, turn, labels)
        how = {"parts": joining.as_parts(classes, best)}
    else:
        found, turn = freezing.order(store, terms.of), attempts.upcoming(store, terms)
        offer = partial(grouping.offer, store) if terms.by else planning.offer
        best = offer(found, terms, turn, labels)
        how = grouping.as_plan(store, found, best) if terms.by else None
    if turn.false_at_most >= 1:
        raise AnnotatorError(
            "So many audits were drawn here that a promise about all of them says nothing anymore. "
            "Begin in a new workspace."
        )
    with store.db.immediate():
        _none_open(store, person)
        plan = planning.written(store, found, terms, turn, best, task, how)
        number = store.audits.plan(
            round_number=found.round.number,
            person=person,
            plan=plan,
            plan_hash=record.plan_hash(plan),
            planned=datetime.fromisoformat(plan["planned_at"]).timestamp(),
            newest=found.newest,
            watermark=found.watermark,
            names=found.names,
        )
        rows = found.rows
        columns = (rows.column(each) for each in ("image_id", "class_id"))
        store.orders.write(number, zip(range(len(rows)), *columns, rows.decimals(), strict=True))
    return _drawn(store, number, plan, person)


def go_on(store: Store, labels: int, *, person: str) -> Audit:
    """Likewise, beyond what the newest audit has released, from rows that nobody looked at.

    Raises:
        AnnotatorError: another audit is open, or an answer came in just now; nothing is asked.
        ExportError: what the audit before was about has changed since.
        RoundError: there is nothing to go on from, or nothing can be proved with so few labels.
    """
    _none_open(store, person)
    found = extending.ground(store)
    best = extending.offer(found, labels)
    with store.db.immediate():
        _none_open(store, person)
        plan = extending.written(store, found, best)
        number = store.audits.plan(
            round_number=found.audit.round,
            person=person,
            plan=plan,
            plan_hash=record.plan_hash(plan),
            planned=datetime.fromisoformat(plan["planned_at"]).timestamp(),
            newest=found.audit.newest,
            watermark=found.watermark,
            names=found.audit.names,
        )
        store.orders.repeat(number, of=found.audit.number)
    return _drawn(store, number, plan, person)


def _none_open(store: Store, person: str) -> None:
    """Give up a plan whose draw never came, as after a crash; refuse beside an open audit."""
    current = store.audits.current()
    if current is None:
        return
    if current.state == "open":
        raise AnnotatorError(
            f"Audit {current.number} is open. Answer what it asks and close it, or cancel it, "
            "before another begins."
        )
    at = max(time.time(), current.planned)
    store.audits.end(current.number, person=person, at=at, evidence={})


def _drawn(store: Store, number: int, plan: Mapping[str, Any], person: str) -> Audit:
    """Take a seed from the operating system, now that order and plan are on the disk.

    Returns the audit that is open now.
    """
    with store.db.immediate():
        if late := store.audits.answered_since(number):
            store.audits.end(number, person=person, at=time.time(), evidence={})
        else:
            seed = secrets.randbits(BITS)
            store.audits.draw(number, str(seed), np.__version__, _ranks(plan, seed))
            anew(store)
            store.queue.ask_blind(store.audits.asked())  # also what open pages hold already
    if late:
        raise AnnotatorError(
            "An image was answered while the order was being frozen, so nothing was drawn. Begin "
            "once more."
        )
    audit = store.audits.current()
    assert audit
    return audit


def _ranks(plan: Mapping[str, Any], seed: int) -> list[int]:
    """What the seed draws, in the order of asking: of several classes of each, all mixed.

    Ranks that are known already are not drawn; one that is drawn twice, by group, is asked once.
    """
    if plan.get("by"):
        return list(dict.fromkeys(grouping.ranks(plan, seed)))
    if parts := parts_of(plan):
        found = drawn_of_each(seed, [(each.chain.M, each.chain.m) for each in parts])
        return [parts[part].start + rank for part, rank in found]
    left = np.setdiff1d(np.arange(plan["M"]), [each["rank"] for each in plan["known"]])
    ranks: list[int] = left[drawn(seed, len(left), plan["m"])].tolist()
    return ranks
