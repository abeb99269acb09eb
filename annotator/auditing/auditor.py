"""Every step of an audit: look ahead, begin, follow, look twice, close or cancel, the result."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from annotator.asking.order import anew
from annotator.auditing import (
    attempts,
    beginning,
    closing,
    extending,
    freezing,
    grouping,
    planning,
    releasing,
    second,
    telling,
)
from annotator.auditing.several import joining
from annotator.auditing.several.parts import spans
from annotator.errors import AnnotatorError, RoundError
from annotator.model.auditing.audits import Audit, Ranked
from annotator.model.auditing.plans import Offer, Outlook, Terms
from annotator.model.auditing.results import AuditProgress, Certificate, SecondLook
from annotator.store import Store


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
        """Say what audits of the newest round would take, and what they would release.

        Raises:
            AnnotatorError: the terms cannot be promised.
            RoundError: there is nothing to certify yet.
        """
        terms = terms or Terms()
        if terms.each:
            return joining.outlook(self._store, terms)
        look = grouping.outlook if terms.by else planning.outlook
        return look(self._store, freezing.order(self._store, terms.of), terms)

    def groups(self) -> bool:
        """Whether images belong together, so that an average group can be promised."""
        return self._store.audits.any_group()

    def offer(self, labels: int, terms: Terms | None = None) -> Offer:
        """Likewise of an audit with that number of labels.

        Raises:
            AnnotatorError: the terms cannot be promised, or not with so few labels.
            RoundError: there is nothing to certify yet.
        """
        terms = terms or Terms()
        planning.check(terms)
        if terms.each:
            classes, terms = joining.joined(self._store, terms)
            turn = attempts.upcoming(self._store, terms)
            return joining.offer(classes, terms, turn, labels)
        turn, found = attempts.upcoming(self._store, terms), freezing.order(self._store, terms.of)
        if terms.by:
            return grouping.offer(self._store, found, terms, turn, labels)
        return planning.offer(found, terms, turn, labels)

    def begin(self, labels: int, terms: Terms | None = None) -> Audit:
        """Freeze the order, write the plan, and only then draw the images that are asked about.

        Raises:
            AnnotatorError: another audit is open, the terms cannot be promised or with so few
                labels, or an answer came in just now; nothing is asked.
            RoundError: there is nothing to certify yet.
        """
        return beginning.begin(
            self._store, labels, terms or Terms(), task=self._task, person=self._name
        )

    def beyond(self, labels: int) -> Offer:
        """Say what that number of new labels would release beyond what is certified.

        Raises:
            ExportError: what the newest certificate is about has changed since.
            RoundError: nothing can be gone on from, or nothing be proved with so few labels.
        """
        return extending.offer(extending.ground(self._store), labels)

    def go_on(self, labels: int) -> Audit:
        """Begin an audit that goes beyond what the newest certified, at no chance on top.

        Raises:
            AnnotatorError: another audit is open, or an answer came in just now.
            ExportError: what the newest certificate is about has changed since.
            RoundError: nothing can be gone on from, or nothing be proved with so few labels.
        """
        return beginning.go_on(self._store, labels, person=self._name)

    def status(self) -> AuditProgress | None:
        """Say how far the open audit is; None where none is open."""
        audit = self._store.audits.current()
        if audit is None or audit.state != "open":
            return None
        rows = self._store.audits.rows(audit.number)
        planted = self._store.audits.planted(audit.number)
        names = closing.names_of(self._store, audit)
        labeled = self._store.labels.of((each.image_id for each in rows), "pool")
        return AuditProgress(
            audit=audit,
            terms=closing.terms_of(audit),
            labels=len(rows) + len(planted),
            answered=sum(bool(each.blind or each.second) for each in rows)
            + sum(bool(each.blind) for each in planted),
            passed=sum(each.passed and not each.blind and not each.second for each in rows),
            waiting=sum(each.waits for each in rows) + sum(each.waits for each in planted),
            elsewhere=sum(each.waits and each.image_id in labeled for each in rows),
            differing=sum(each.differs and not each.second for each in rows),
            hopeless=closing.is_hopeless(audit, rows, planted, names),
        )

    def second_looks(self) -> list[SecondLook]:
        """The answers to look at twice, each with two classes or more, and no hint whose each is.

        None before all images were asked, unless nothing can be released without second looks: who
        still answers learns nothing of the model.
        """
        progress = self.status()
        if progress is None or not (progress.asked_all or progress.hopeless):
            return []
        return second.second_looks(self._store, progress.audit)

    def settle(self, image_id: int, class_id: int) -> None:
        """Take the answer of a second look, which is final.

        Raises:
            AnnotatorError: no open audit has a differing answer to the image, or there is no
                such class.
            StoreError: the database cannot be written now; nothing was.
        """
        look = next((each for each in self.second_looks() if each.image.id == image_id), None)
        if look is None:
            raise AnnotatorError(
                f"Image {image_id} needs no second look: no open audit has an answer to it that "
                "differs. Reload the page."
            )
        second.settle(self._store, look, class_id, self._name)

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
            planted = store.audits.planted(progress.audit.number)
            given = [each.at for row in rows for each in (*row.blind, *row.second)]
            given += [each.at for row in planted for each in row.blind]
            at = max(time.time(), progress.audit.drawn or 0.0, *given)
            base = store.audits.planned_as(progress.audit.plan.get("extends"))
            found = closing.evidence(
                progress.audit,
                rows,
                closing.names_of(store, progress.audit),
                at,
                earlier=attempts.earlier(store, progress.audit),
                extends=base.evidence if base else None,
                planted=planted,
            )
            store.audits.end(progress.audit.number, person=self._name, at=at, evidence=found)
            anew(store, {each.image_id for each in rows})
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
            anew(store, images)
        return audit.number

    def _open(self) -> AuditProgress:
        progress = self.status()
        if progress is None:
            raise RoundError("No audit is open. Begin one on the page Quality, or with `certify`.")
        return progress

    def check(self, terms: Terms) -> None:
        """Say before anything else whether terms can be promised at all.

        Raises:
            AnnotatorError: they cannot.
        """
        planning.check(terms)

    def released(self) -> Iterator[Ranked]:
        """What the newest closed audit lets out; of all, or of each class, the surest first."""
        audit = self._store.audits.standing()
        if audit is None or audit.evidence is None:
            return
        for start, end in spans(audit.evidence):
            yield from self._store.orders.rows(audit.number, start, end)

    def audited(self) -> set[int]:
        """The ranks that the newest closed audit, and what it goes on from, asked about."""
        audit = self._store.audits.standing()
        return {row["rank"] for row in releasing.audited_rows(audit)} if audit else set()

    def result(self) -> Certificate | None:
        """What the newest closed audit came to; None before there is any.

        Where it failed to go beyond another, that other's certificate stands.
        """
        audit = self._store.audits.standing()
        if audit is None:
            return None
        found, newest = telling.certificate(audit), self._store.audits.last_closed()
        said = extending.noted(audit, newest)
        return replace(found, looks=(*found.looks, *said))


def _waits(progress: AuditProgress) -> str:
    return (
        f"{progress.waiting:,} of {progress.labels:,} images of the audit still wait for an "
        "answer. Answer them on the page Label, or close the audit all the same, with each of them "
        "wrong (`--unanswered-wrong`)."
    )
