"""Rounds: started, followed, and judged on the test labels there are now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotator.catalog import methods
from annotator.catalog.checks import check_params
from annotator.measuring import accuracy
from annotator.measuring.advice import advise
from annotator.measuring.below import below_baseline
from annotator.measuring.judging.change import harm
from annotator.measuring.stretches import breaks, stretches
from annotator.measuring.timing.left import left, most
from annotator.model import (
    Advice,
    ClassRatio,
    Confusion,
    CurvePoint,
    EpochPoint,
    Job,
    MethodInfo,
    Prediction,
    PseudoOrder,
    Round,
    Timed,
)
from annotator.project.log import requested
from annotator.service import due
from annotator.service.opened import Opened


class Rounds(Opened):
    """What trains in the background, and what came of it."""

    @staticmethod
    def methods() -> list[MethodInfo]:
        """The methods and recipes that a round can use, with their hyper-parameters."""
        return list(methods.methods())

    def check_params(self, method: str | None, params: Mapping[str, object]) -> dict[str, Any]:
        """Turn hyper-parameters as typed into values, for a method or the workspace's own.

        Raises:
            AnnotatorError: an unknown method or hyper-parameter, or a value out of range.
        """
        return check_params(method or self.store.settings.get().method, params)

    @requested()
    def start_round(
        self,
        method: str | None = None,
        regime: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Job:
        """Queue a round on what there is now: settings saved later do not touch it.

        Raises:
            AnnotatorError: an unknown method or hyper-parameter, or a value out of range.
            RoundError: it cannot learn yet, or another one waits or runs.
        """
        job = due.start(self.store, method, regime, params)
        self._log.write("round asked for", job=job.id, method=job.params["method"])
        return job

    def cancel(self, job_id: int) -> None:
        """Ask the worker to stop at the next safe point; a job that waits ends at once."""
        self.store.jobs.cancel(job_id)

    def active_job(self) -> Job | None:
        """The job that runs, else the one that waits."""
        return self.store.jobs.active()

    def last_job(self) -> Job | None:
        """The newest job, whatever became of it."""
        return self.store.jobs.last()

    def timed(self, job: Job) -> Timed:
        """The parts of a job, and the seconds that it will still take, as far as that is known."""
        parts, at = self.store.parts.of_job(job.id)
        if not parts or job.state != "running":
            return Timed(parts, None)
        passed = max(0.0, time.time() - at)
        least, longest = (
            None if each is None else max(0.0, each - passed) for each in (left(parts), most(parts))
        )
        return Timed(parts, least, longest)

    def rounds(self) -> list[Round]:
        """Every round, oldest first."""
        return self.store.results.rounds()

    def round_of(self, job: Job) -> Round | None:
        """The round that a job trains or has trained; None before it begins."""
        return self.store.results.of_job(job.id)

    def epochs(self, number: int) -> list[EpochPoint]:
        """The loss curves of a round, by model and epoch."""
        return self.store.results.epochs(number)

    def curve(self) -> list[CurvePoint]:
        """Both models of every finished round, all measured on the test labels there are now."""
        rounds = {each.number: each for each in self.rounds()}
        return [
            replace(each, learner=(found.method if each.model == "ssl" else found.baseline))
            for each in accuracy.points(self.store.results.judged())
            for found in [rounds[each.round]]
        ]

    def stretches(self) -> list[list[CurvePoint]]:
        """The points of the curve, parted where other test images measure than before."""
        return stretches(self.curve())

    def breaks(self) -> str:
        """Where the curve breaks, in words; empty where it does not."""
        return breaks(self.curve())

    def below_baseline(self) -> str | None:
        """A warning, and what to do, while the newest rounds stay below their baselines.

        One round is enough where that is beyond chance.
        """
        lasting, found = below_baseline(self.curve()), self.store.results.latest()
        if lasting or found is None:
            return lasting
        return harm(self.store.comparing.right(found.number), found.method, found.baseline)

    def advice(self) -> list[Advice]:
        """What speaks for and against labeling on."""
        done = [each for each in self.rounds() if each.state == "done"]
        ssl = [each for each in self.curve() if each.model == "ssl"]
        agreements = [each.details.agreement for each in done]
        unjudged = sum(self.store.beside.counts("test"))
        goal = self.store.settings.get().goal
        return advise(ssl, self.store.looks.all(), agreements, goal, unjudged)

    def ratios(self) -> list[ClassRatio]:
        """How much of each predicted class is pseudo-labeled, by finished round."""
        return self.store.results.ratios()

    def confidences(self, number: int) -> list[tuple[float, float, int]]:
        """Histogram of a round's confidences over the unlabeled pool: (low, high, images)."""
        found = self.store.results.get(number)
        counts = found.details.histogram if found else ()
        return [(i / len(counts), (i + 1) / len(counts), n) for i, n in enumerate(counts)]

    def confusion(self, number: int) -> Confusion | None:
        """What experts said against what a round's model says; None without test labels."""
        names = {each.id: each.name for each in self.store.classes.active()}
        return accuracy.confusion(self.store.results.judged(), number, names)

    def pseudo_left(self, number: int) -> int | None:
        """How many of a round's pseudo-labels nobody has decided on since.

        None where they were not counted as it ended.
        """
        found = self.store.results.get(number)
        return self.store.guesses.pseudo(number, found.threshold) if found else None

    def pseudo_labels(
        self,
        number: int,
        *,
        class_id: int | None = None,
        order: PseudoOrder = "confidence",
        offset: int = 0,
        limit: int = 24,
    ) -> list[Prediction]:
        """A page of a round's pseudo-labels, surest or least sure first."""
        found = self.store.results.get(number)
        return self.store.results.pseudo_labels(
            number,
            found.threshold if found else 1.0,
            class_id=class_id,
            order=order,
            offset=offset,
            limit=limit,
        )
