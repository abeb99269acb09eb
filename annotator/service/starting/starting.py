"""Start: what to do next, and what happened since this person was here before."""

from __future__ import annotations

import time

from annotator.asking.answers import round_due
from annotator.measuring.goal import reached
from annotator.model.auditing.results import AuditProgress
from annotator.service.finding import Finding
from annotator.service.launch import Launch
from annotator.service.starting.news import News, told
from annotator.service.starting.steps import Standing, Step, next_step

LATELY = 7 * 86_400.0  # seconds that are told of to whoever has no time before


class Starting(Finding, Launch):
    """What somebody wants to know who comes back."""

    def next_step(self) -> Step:
        """What to do next here, for this person, and on which page."""
        return next_step(self._standing(), self.refusal)

    def news(self) -> News:
        """What happened since this person's sitting before this one, or lately without any.

        What people do belongs to one sitting until they do nothing for an hour.
        """
        now = time.time()
        before = self.store.sittings.before(self.person.name, now)
        since = now - LATELY if before is None else before
        store, full = self.store, not self.refusal("certify.result")
        closed = store.audits.last_closed() if full else None
        return News(
            before,
            told(
                since,
                person=self.person.name,
                labels=store.sittings.labels(since),
                images=store.sittings.images(since),
                rounds=self.rounds(),
                curve=self.curve(),
                changes=sum(each.at > since for each in store.classes.log.newest()) if full else 0,
                audit=closed.number if closed and (closed.ended or 0) > since else None,
            ),
        )

    def _standing(self) -> Standing:
        last = self.store.jobs.last()
        active = last is not None and last.active
        return Standing(
            progress=self.progress(),
            classes=len(self.store.classes.active()),
            taught=self.classes_to_learn_from(),
            job=self.store.jobs.active(),
            ended=None if active else last,
            works=self.worker_alive(),
            log=(self.workspace.root / "worker.log").exists(),
            due=round_due(self.store),
            disagreements=self.to_settle(n=0).left if not self.refusal("to_settle") else 0,
            audit=self._audit(),
            certified=self._certified(),
            reached=self._reached(),
        )

    def _audit(self) -> AuditProgress | None:
        """How far the open audit is; the arithmetic of audits is loaded only if there is one."""
        if self.store.audits.current() is None or self.refusal("certify.status"):
            return None
        return self.certify.status()

    def _certified(self) -> int:
        """How many pseudo-labels of the newest round an audit released; 0 if none has."""
        latest, closed = self.store.results.latest(), self.store.audits.last_closed()
        if latest is None or closed is None or closed.round != latest.number:
            return 0
        return int((closed.evidence or {}).get("k", 0))

    def _reached(self) -> str:
        """That the accuracy aimed at is reached, in words; empty if that is not so."""
        looks = self.store.looks.all()
        told = reached(looks, self.store.settings.get().goal) if looks else None
        return told.text if told and told.stop else ""
