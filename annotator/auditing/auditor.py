"""Every step of an audit: look ahead, begin, follow, look twice, close or cancel, the result."""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from random import SystemRandom

import numpy as np

from annotator.asking import order as asking
from annotator.auditing import closing, freezing, planning, telling
from annotator.errors import AnnotatorError, RoundError
from annotator.export.proof import record
from annotator.model import Image, LabelEvent
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Outlook, Terms
from annotator.model.auditing.results import AuditProgress, Certificate, Doubt
from annotator.store import Store
from ssl_core.measure.certificate import drawn
from ssl_core.measure.certificate.attempts import any_of

BITS = 128  # of a seed


class Auditor:
    """The audits of one workspace, for one person.

    Args:
        store: of the workspace.
        task: what the certificate calls the workspace.
        name: who acts.
    """

    def __init__(self, store: Store, task: str, name: str) -> None:
        self._store, self._task, self._name = store, task, name

    def outlook(self, terms: Terms | None = None) -> Outlook:
        """Say what an audit of the newest round would take, and what it would release.

        Raises:
            AnnotatorError: the terms cannot be promised.
            RoundError: there is nothing to certify yet.
        """
        return planning.outlook(self._store, freezing.order(self._store), terms or Terms())

    def begin(self, labels: int, terms: Terms | None = None) -> Audit:
        """Freeze the order, write the plan, and only then draw the images that are asked about.

        Raises:
            AnnotatorError: another audit is open, the terms cannot be promised or with so few
                labels, or an answer came in just now; nothing is asked.
            RoundError: there is nothing to certify yet.
        """
        terms, store = terms or Terms(), self._store
        self._none_open()
        found = freezing.order(store)
        best = planning.offer(found, terms, labels)
        if any_of([*planning.spent_so_far(store), terms.delta]) >= 1:
            raise AnnotatorError(
                "So many audits were drawn here that a promise about all of them says nothing "
                "anymore. Begin in a new workspace."
            )
        with store.db.immediate():
            self._none_open()
            plan = planning.written(store, found, terms, best, self._task)
            number = store.audits.plan(
                found.rows,
                round_number=found.round.number,
                person=self._name,
                plan=plan,
                plan_hash=record.plan_hash(plan),
                planned=datetime.fromisoformat(plan["planned_at"]).timestamp(),
                newest=found.newest,
                watermark=found.watermark,
                names=found.names,
            )
        self._draw(number, best.among, best.labels)
        audit = store.audits.current()
        assert audit
        return audit

    def _none_open(self) -> None:
        """Give up a plan whose draw never came, as after a crash; refuse beside an open audit."""
        current = self._store.audits.current()
        if current is None:
            return
        if current.state == "open":
            raise AnnotatorError(
                f"Audit {current.number} is open. Answer what it asks and close it, or cancel it, "
                "before another begins."
            )
        self._store.audits.end(
            current.number, person=self._name, at=max(time.time(), current.planned), evidence={}
        )

    def _draw(self, number: int, among: int, labels: int) -> None:
        """Take a seed from the operating system, now that order and plan are on the disk."""
        store = self._store
        with store.db.immediate():
            if late := store.audits.answered_since(number):
                store.audits.end(number, person=self._name, at=time.time(), evidence={})
            else:
                seed = secrets.randbits(BITS)
                ranks = drawn(seed, among, labels).tolist()
                store.audits.draw(number, str(seed), np.__version__, ranks)
                asking.anew(store)
        if late:
            raise AnnotatorError(
                "An image was answered while the order was being frozen, so nothing was drawn. "
                "Begin once more."
            )

    def status(self) -> AuditProgress | None:
        """Say how far the open audit is; None where none is open."""
        audit = self._store.audits.current()
        if audit is None or audit.state != "open":
            return None
        rows = self._store.audits.rows(audit.number)
        labeled = {each.image_id for each in self._store.labels.current("pool")}
        return AuditProgress(
            audit=audit,
            terms=closing.terms_of(audit),
            labels=len(rows),
            answered=sum(bool(each.blind or each.second) for each in rows),
            passed=sum(each.passed and not each.blind and not each.second for each in rows),
            waiting=sum(each.waits for each in rows),
            elsewhere=sum(each.waits and each.image_id in labeled for each in rows),
            differing=sum(each.differs and not each.second for each in rows),
            hopeless=closing.is_hopeless(audit, rows),
        )

    def doubts(self) -> list[Doubt]:
        """The answers to look at twice, each with two classes or more, and no hint whose each is.

        None before all images were asked, unless nothing can be released without second looks: who
        still answers learns nothing of the model.
        """
        progress = self.status()
        if progress is None or (progress.waiting > progress.elsewhere and not progress.hopeless):
            return []
        rows = [
            each
            for each in self._store.audits.rows(progress.audit.number)
            if each.differs and not each.second
        ]
        images = self._store.images.many(each.image_id for each in rows)
        found = []
        for row in rows:
            classes = list(dict.fromkeys([row.class_id, *(each.class_id for each in row.blind)]))
            SystemRandom().shuffle(classes)
            found.append(Doubt(images[row.image_id], tuple(classes)))
        return found

    def settle(self, image_id: int, class_id: int) -> None:
        """Take the answer of a second look, which is final.

        Raises:
            AnnotatorError: no open audit is in doubt about the image, or there is no such class.
            StoreError: the database cannot be written now; nothing was.
        """
        doubt = next((each for each in self.doubts() if each.image.id == image_id), None)
        if doubt is None:
            raise AnnotatorError(
                f"Image {image_id} needs no second look: no open audit has an answer to it that "
                "differs. Reload the page."
            )
        done = self._store.labels.record([self._event(doubt.image, class_id)], self._name)
        if done.refused:
            raise AnnotatorError(f"Nothing was written: {done.refused[0][2]}.")

    def _event(self, image: Image, class_id: int) -> LabelEvent:
        return LabelEvent(
            f"audit-{secrets.token_hex(16)}",
            1,
            "label",
            image.id,
            image.sha256,
            class_id,
            at=time.time(),
            source="adjudicated",
        )

    def close(self, *, unanswered_wrong: bool = False) -> Certificate:
        """End the open audit and say what it proves; from now on its labels teach.

        Args:
            unanswered_wrong: whether images that nobody has answered may count as wrong.

        Raises:
            AnnotatorError: none is open, or images still wait and may not count as wrong.
        """
        store = self._store
        with store.db.immediate():
            progress = self._open()
            if progress.waiting and not (unanswered_wrong or progress.hopeless):
                raise AnnotatorError(_waits(progress))
            rows = store.audits.rows(progress.audit.number)
            names = {each.id: each.name for each in store.classes.all()}
            given = [each.at for row in rows for each in (*row.blind, *row.second)]
            at = max(time.time(), progress.audit.drawn or 0.0, *given)
            found = closing.evidence(progress.audit, rows, names | dict(progress.audit.names), at)
            store.audits.end(progress.audit.number, person=self._name, at=at, evidence=found)
            asking.anew(store, {each.image_id for each in rows})
        result = self.result()
        assert result
        return result

    def cancel(self) -> int:
        """Give the open audit up: nothing is certified; it counts as an attempt all the same.

        Returns:
            Its number.

        Raises:
            AnnotatorError: none is open.
        """
        store = self._store
        with store.db.immediate():
            audit = self._open().audit
            images = set(store.audits.asked())
            at = max(time.time(), audit.drawn or 0.0)
            store.audits.end(audit.number, person=self._name, at=at, evidence={})
            asking.anew(store, images)
        return audit.number

    def _open(self) -> AuditProgress:
        progress = self.status()
        if progress is None:
            raise RoundError("No audit is open. Begin one on the page Quality, or with `certify`.")
        return progress

    def result(self) -> Certificate | None:
        """What the newest closed audit came to; None before there is any."""
        audit = self._store.audits.last_closed()
        return telling.certificate(audit) if audit else None


def _waits(progress: AuditProgress) -> str:
    return (
        f"{progress.waiting:,} of {progress.labels:,} images of the audit still wait for an "
        "answer. Answer them on the page Label, or close the audit all the same, with each of them "
        "wrong (`--unanswered-wrong`)."
    )
