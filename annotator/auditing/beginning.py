"""Order and plan are written down, and only then a seed is drawn: what makes it a proof."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from annotator.asking.order import anew
from annotator.auditing import attempts, extending, freezing, planning
from annotator.errors import AnnotatorError
from annotator.export.proof import record
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.store import Store
from ssl_core.measure.certificate import drawn

BITS = 128  # of a seed


def begin(store: Store, labels: int, terms: Terms, *, task: str, person: str) -> Audit:
    """Freeze the order, write the plan, draw the images, and put them among the questions.

    Raises:
        AnnotatorError: another audit is open, the terms cannot be promised or with so few labels,
            or an answer came in just now; nothing is asked.
        RoundError: there is nothing to certify yet.
    """
    _none_open(store, person)
    found = freezing.order(store, terms.of)
    planning.check(terms)
    turn = attempts.upcoming(store, terms)
    best = planning.offer(found, terms, turn, labels)
    if turn.false_at_most >= 1:
        raise AnnotatorError(
            "So many audits were drawn here that a promise about all of them says nothing anymore. "
            "Begin in a new workspace."
        )
    with store.db.immediate():
        _none_open(store, person)
        plan = planning.written(store, found, terms, turn, best, task)
        number = store.audits.plan(
            found.rows,
            round_number=found.round.number,
            person=person,
            plan=plan,
            plan_hash=record.plan_hash(plan),
            planned=datetime.fromisoformat(plan["planned_at"]).timestamp(),
            newest=found.newest,
            watermark=found.watermark,
            names=found.names,
        )
    return _drawn(store, number, best.among, best.labels, person, ())


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
            found.order,
            round_number=found.audit.round,
            person=person,
            plan=plan,
            plan_hash=record.plan_hash(plan),
            planned=datetime.fromisoformat(plan["planned_at"]).timestamp(),
            newest=found.audit.newest,
            watermark=found.watermark,
            names=found.audit.names,
        )
    known = [each["rank"] for each in plan["known"]]
    return _drawn(store, number, best.among, best.labels, person, known)


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


def _drawn(
    store: Store, number: int, among: int, labels: int, person: str, known: Sequence[int]
) -> Audit:
    """Take a seed from the operating system, now that order and plan are on the disk.

    Ranks that are known already are not drawn. Returns the audit that is open now.
    """
    left = np.setdiff1d(np.arange(among), known)
    with store.db.immediate():
        if late := store.audits.answered_since(number):
            store.audits.end(number, person=person, at=time.time(), evidence={})
        else:
            seed = secrets.randbits(BITS)
            store.audits.draw(
                number, str(seed), np.__version__, left[drawn(seed, len(left), labels)].tolist()
            )
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
