"""An annotator who knows the answers: the real loop on a copy, to measure what it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotator.errors import AnnotatorError, RoundError
from annotator.model import CurvePoint, Job, LabelEvent, Question, Round
from annotator.service import Service

POLL_SECONDS = 0.2
HOLDER = "simulated"


@dataclass(frozen=True, slots=True)
class Lap:
    """One simulated round: the labels it had and what came of it."""

    round: int
    labels: int  # pool labels that were trained on
    method: str
    test_accuracy: float
    test_interval: tuple[float, float]  # exact, 95 %
    test_balanced_accuracy: float
    test_labels: int  # test images that measured
    baseline_method: str  # the learner that the method is measured by
    baseline_accuracy: float
    baseline_interval: tuple[float, float]
    baseline_balanced_accuracy: float
    pseudo_labels: int
    pseudo_ratio: float
    pseudo_precision: float | None  # share of the pseudo-labels that are true
    answered_by: str | None  # the baseline's learner where the round gives its classes
    seconds: float  # of the round


@contextmanager
def copy(service: Service, folder: Path, seed: int, policy: str) -> Iterator[Service]:
    """Open a workspace with the same images, settings and caches, and no labels.

    The test set is drawn anew by `seed`.

    Raises:
        AnnotatorError: the seed or the policy is none.
        WorkspaceError: the folder is taken or cannot be written.
    """
    settings = replace(
        service.settings(), seed=seed, policy=policy, round_every=0, map_images=0, backup_every=0
    )
    fresh = Service(service.blank_copy(folder, settings))
    try:
        yield fresh
    finally:
        fresh.close()


class Annotator:
    """Answers from known labels, as events like any expert's."""

    def __init__(self, service: Service, truth: Mapping[str, str], holder: str = HOLDER) -> None:
        self.service, self.truth, self.holder = service, truth, holder
        for name in sorted(set(truth.values())):
            if name not in {each.name for each in service.classes()}:
                service.add_class(name)
        self.classes = {each.name: each.id for each in service.classes()}
        self.seq = 0

    def answer_test(self, limit: int | None) -> None:
        """Label the reserved test images, in random order, at most `limit`."""
        self._send(self.service.unasked_test_images(limit))

    def answer(self, n: int) -> int:
        """Label the next n questions; those without a known answer are passed over."""
        done = 0
        passed: set[int] = set()  # what was passed over goes to the end of the queue
        while done < n:
            asked = self.service.lease(self.holder, self.holder, n - done)
            known = [question for question in asked if question.image.sha256 in self.truth]
            others = [question for question in asked if question not in known]
            fresh = {question.image.id for question in others} - passed
            if not (known or fresh):
                return done  # it came round
            passed |= fresh
            self._send([question.image for question in known])
            self._pass_over(others)
            done += len(known)
        return done

    def _send(self, images: Sequence[Any]) -> None:
        self.service.record(
            [
                self._event("label", image, self.classes[self.truth[image.sha256]])
                for image in images
                if image.sha256 in self.truth
            ],
            self.holder,
        )

    def _pass_over(self, questions: Sequence[Question]) -> None:
        skipped = [self._event("skip", each.image, None) for each in questions]
        self.service.record(skipped, self.holder)

    def _event(self, kind: Any, image: Any, class_id: int | None) -> LabelEvent:
        self.seq += 1
        return LabelEvent(
            self.holder, self.seq, kind, image.id, image.sha256, class_id, time.time(), 0.0
        )


def run(
    service: Service,
    truth: Mapping[str, str],
    *,
    rounds: int,
    batch: int,
    method: str | None,
    params: Mapping[str, Any],
    test_labels: int | None,
) -> Iterator[Job | Lap]:
    """Play the loop; yield the job as it goes on, and a Lap when a round is done.

    Args:
        service: a workspace without labels, as `copy` makes it.
        truth: SHA-256 -> class.
        rounds: how many.
        batch: labels before each round.
        method: a name in METHODS or RECIPES; the workspace's own by default.
        params: hyper-parameters of the method.
        test_labels: test images labeled beforehand; all of them by default.

    Raises:
        AnnotatorError: the method or a parameter is unknown, or no labeled test image measures.
        RoundError: a round cannot start, or failed.
    """
    annotator = Annotator(service, truth)
    annotator.answer_test(test_labels)
    service.prepare()
    service.ensure_worker()
    yield from wait(service)
    for _ in range(rounds):
        if not annotator.answer(batch):
            return
        while service.classes_to_learn_from() < 2 and annotator.answer(1):
            pass  # as in the app, a round waits for its second class
        job = service.start_round(method, None, params)
        yield from wait(service)
        yield lap(service, truth, job)


def wait(service: Service) -> Iterator[Job]:
    """Yield the active job until there is none.

    Raises:
        RoundError: the last one failed or was canceled.
    """
    while job := service.active_job():
        service.ensure_worker()
        yield job
        time.sleep(POLL_SECONDS)
    last = service.last_job()
    if last and last.state != "done":
        raise RoundError(last.error or f"The {last.kind} was {last.state}.")


def lap(service: Service, truth: Mapping[str, str], job: Job) -> Lap:
    """Measure the round of a job that is done.

    Raises:
        AnnotatorError: there is no labeled test image to measure on.
    """
    done = service.round_of(job)
    assert done
    points = {point.model: point for point in service.curve() if point.round == done.number}
    if not points:
        raise AnnotatorError(
            "There is no labeled test image to measure on. The truth must cover the reserved "
            "test images; a larger workspace or `test_share` reserves more."
        )
    ssl, baseline = points["ssl"], points["baseline"]
    return Lap(
        round=done.number,
        labels=done.labels,
        method=done.method,
        test_accuracy=ssl.accuracy,
        test_interval=span(ssl),
        test_balanced_accuracy=ssl.balanced_accuracy,
        test_labels=ssl.n,
        baseline_method=baseline.learner,
        baseline_accuracy=baseline.accuracy,
        baseline_interval=span(baseline),
        baseline_balanced_accuracy=baseline.balanced_accuracy,
        pseudo_labels=done.pseudo_labels or 0,
        pseudo_ratio=done.pseudo_ratio or 0.0,
        pseudo_precision=precision(service, truth, done),
        answered_by=done.answered_by,
        seconds=done.seconds or 0.0,
    )


def span(point: CurvePoint) -> tuple[float, float]:
    """The point's exact interval."""
    return point.low, point.high


def precision(service: Service, truth: Mapping[str, str], done: Round) -> float | None:
    """The share of a round's pseudo-labels that are true, where the truth is known."""
    names = {each.id: each.name for each in service.classes()}
    right = known = 0
    for class_id, sha256 in service.pseudo_labeled(done.number, done.threshold):
        if sha256 in truth:
            known += 1
            right += names[class_id] == truth[sha256]
    return right / known if known else None
