"""Policies against each other: the same simulated loop, several times over, and its mean curves."""

from __future__ import annotations

import math
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotator.errors import AnnotatorError, unknown
from annotator.model import Job
from annotator.service import Service
from annotator.simulating.loop import Lap, copy, run
from annotator.simulating.proving import Asked, Proof, prove


@dataclass(frozen=True, slots=True)
class Played:
    """News of one run: its policy and seed, and a job that runs, or a round or an audit, done."""

    policy: str
    seed: int
    news: Job | Lap | Proof


@dataclass(frozen=True, slots=True)
class Mean:
    """One point of a policy's mean curve, over seeds."""

    policy: str
    round: int
    labels: float  # mean, since a run may meet more test images than another
    accuracy: float  # mean test accuracy of the semi-supervised model
    sd: float  # of the accuracy over seeds; 0 for one seed
    seeds: int


def named(policies: str, known: Iterable[str]) -> list[str]:
    """The policies of a list with commas, each once and all of them known.

    Raises:
        AnnotatorError: none is named, or one is unknown; the message lists the choices.
    """
    names = list(dict.fromkeys(name.strip() for name in policies.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise AnnotatorError(unknown("policy", name, known))
    if not names:
        raise AnnotatorError(f"--policy names none. Choose from: {', '.join(known)}.")
    return names


def play(
    service: Service,
    truth: Mapping[str, str],
    *,
    policies: Sequence[str],
    seeds: Sequence[int],
    folder: Path,
    keep: Path | None = None,
    audit: Asked | None = None,
    **options: Any,
) -> Iterator[Played]:
    """Simulate every policy with every seed; policies share a seed's test set and training seeds.

    Args:
        service: the workspace that is copied.
        truth: SHA-256 -> class.
        policies: names in ACQUIRE.
        seeds: of the test set, the questions and training.
        folder: where the copies lie while they are played.
        keep: a new folder for the copy of the only run, instead.
        audit: that ends each run; none by default.
        options: what `loop.run` takes.

    Raises:
        AnnotatorError: a setting is out of range, no labeled test image is left to measure on, or
            the audit cannot promise what it is to.
        RoundError: a round failed, or there is nothing to audit.
        WorkspaceError: a copy cannot be made.
    """
    for seed in seeds:
        for policy in policies:
            with (
                tempfile.TemporaryDirectory(dir=folder) as scratch,
                copy(service, keep or Path(scratch) / "workspace", seed, policy) as fresh,
            ):
                for news in run(fresh, truth, **options):
                    yield Played(policy, seed, news)
                if audit:
                    yield Played(policy, seed, prove(fresh, truth, audit))


def remembered(played: Iterable[Played], done: list[Played]) -> Iterator[Played]:
    """Pass the news on and keep the rounds and audits among them in `done`."""
    for each in played:
        if isinstance(each.news, Lap | Proof):
            done.append(each)
        yield each


def means(played: Iterable[Played]) -> list[Mean]:
    """The mean curve of each policy, in the order in which they were played.

    A run whose images are used up ends early. Rounds that not every run reached are left out: each
    mean is over the same seeds, and all curves are as long.
    """
    played = list(played)
    shared = rounds_of_all(played)
    laps: dict[tuple[str, int], list[Lap]] = defaultdict(list)
    for each in played:
        # Jobs are on their way to a lap
        if isinstance(each.news, Lap) and each.news.round <= shared:
            laps[each.policy, each.news.round].append(each.news)
    order = list(dict.fromkeys(policy for policy, _ in laps))
    return [
        Mean(
            policy=policy,
            round=number,
            labels=statistics.fmean(lap.labels for lap in found),
            accuracy=statistics.fmean(lap.test_accuracy for lap in found),
            sd=_sd([lap.test_accuracy for lap in found]),
            seeds=len(found),
        )
        for (policy, number), found in sorted(
            laps.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]


def rounds_of_all(played: Iterable[Played]) -> int:
    """How many rounds every run reached, of all runs that reached any."""
    reached: dict[tuple[str, int], int] = {}
    for each in played:
        if isinstance(each.news, Lap):
            reached[each.policy, each.seed] = each.news.round
    return min(reached.values(), default=0)


def _sd(values: Sequence[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0


def area(curve: Sequence[Mean]) -> float:
    """The mean height of a curve between its first and last labels (trapezoids), 0 to 1."""
    width = curve[-1].labels - curve[0].labels
    if not width:
        return statistics.fmean(each.accuracy for each in curve)
    return (
        math.fsum(
            (after.labels - before.labels) * (after.accuracy + before.accuracy) / 2
            for before, after in pairwise(curve)
        )
        / width
    )
