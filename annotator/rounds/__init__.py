"""The bridge from stored rows to training and back: one job, from labels to the next questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from annotator.errors import RoundError
from annotator.features import Features, thumbnails
from annotator.model import Job, Round
from annotator.rounds import ask, judge, layout, twins
from annotator.rounds.learn import Learned, Step, keep, learn, prepare
from annotator.rounds.plan import Plan, decide
from annotator.rounds.snapshot import Snapshot, take
from annotator.store import Fence, Store
from annotator.workspace import Workspace
from ssl_core.data import Data, ImageData
from ssl_core.errors import SSLError
from ssl_core.trainer import pick_device

__all__ = ["Cancelled", "perform"]

# Shares of a round's progress bar at which its parts end
READ, BASELINE, TRAINED = 0.15, 0.3, 0.9
# Labels a class from which the next round starts from this one's weights. With fewer, a round that
# confused two classes handed the confusion on: 88 % at 100 labels where fresh starts had 97 %.
WARM_LABELS = 10


class Cancelled(Exception):
    """The user asked to stop."""


def perform(workspace: Workspace, store: Store, job: Job, fence: Fence) -> None:
    """Do a job to its end, recording every event; it can be killed anywhere and done again.

    Raises:
        Cancelled: the user asked to stop.
        LostJob: another worker has the job.
        RoundError: it cannot be done; the message says why.
    """
    kind = Preparing if job.kind == "prepare" else Training
    part = kind(workspace, store, job, fence)
    try:
        for step, low, high in part.steps():
            store.jobs.report(fence, low + (high - low) * step.share, step.message)
            if step.point:
                store.results.epoch(fence, part.round_id, step.point)
            if store.jobs.cancel_requested(job.id):
                raise Cancelled
    except SSLError as error:
        raise RoundError(str(error)) from error


Steps = Generator[tuple[Step, float, float], None, None]


class Performance(ABC):
    """What both kinds of job share: the workspace, the plan, the images."""

    round_id = 0

    def __init__(self, workspace: Workspace, store: Store, job: Job, fence: Fence) -> None:
        self.workspace, self.store, self.job, self.fence = workspace, store, job, fence
        self.settings = store.classes.settings()

    def plan(self, regime: str) -> Plan:
        labels = self.store.labels.count("pool") / max(1, len(self.store.classes.active()))
        side, device = self.store.images.median_side(), pick_device("auto")
        return decide(self.settings, regime, side, device, labels)

    def snapshot(self, watermark: int, class_ids: list[int]) -> Snapshot:
        found = take(self.workspace, self.store, watermark, class_ids)
        if not found.files:
            raise RoundError("There are no images yet. Import a folder or a CSV first.")
        return found

    def features(self, snapshot: Snapshot, plan: Plan) -> Features:
        return Features(self.workspace.features, snapshot.files, plan.device)

    def find_twins(self, features: Features, plan: Plan, low: float, high: float) -> Steps:
        """Compare images that are new with all others, and write down what looks the same."""
        n = len(features.files)
        search = twins.search(features.pixels(plan.size).read(n), self.store.twins.searched())
        pairs = yield from within(search, low, high)
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.store.twins.record(n, [(one + 1, other + 1) for one, other in pairs])

    @abstractmethod
    def steps(self) -> Steps:
        """Yield (news, share of the bar where its part begins, and where it ends)."""


class Preparing(Performance):
    """Look at new images and pick the first ones to ask, before there is any label."""

    def steps(self) -> Steps:
        plan = self.plan(self.settings.regime)
        active = [each.id for each in self.store.classes.active()]
        snapshot = self.snapshot(self.store.labels.watermark(), active)
        features = self.features(snapshot, plan)
        if plan.regime == "finetune":
            for share in features.fill_pixels(plan.size):
                yield Step(share, "reading images"), 0.0, 0.9
            vectors = thumbnails(features.pixels(plan.size).read(len(snapshot.files)))
        else:
            embeddings = features.embeddings(plan.backbone, plan.size, plan.preset)
            for share in embeddings.fill(("clean",)):
                yield Step(share, "computing embeddings"), 0.0, 0.9
            vectors = embeddings.read("clean").astype(np.float32)
        yield from self.find_twins(features, plan, 0.9, 0.95)
        snapshot = self.snapshot(snapshot.watermark, active)
        yield Step(0.0, "choosing the first questions"), 0.95, 1.0
        chosen = ask.pick(
            snapshot,
            "cold_start",
            probabilities=None,
            embeddings=vectors,
            seed=self.settings.seed,
            wave=self.settings.round_every,
        )
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            if not self.store.results.latest():
                self.store.queue.replace(ask.order(self.store, chosen))
            self.store.jobs.finish(self.fence, "done")
        layout.leave(self.workspace, snapshot, vectors, self.settings.map_images)


class Training(Performance):
    """Learn from the labels, predict everything, write it down, and choose what to ask next."""

    def steps(self) -> Steps:
        plan = self.plan(self.job.params["regime"])
        current = self._begin(plan)
        self.round_id = current.id
        # An earlier attempt may have begun under other settings: its decisions stand
        fixed = current.details
        plan = replace(
            plan,
            regime=fixed["regime"],
            backbone=fixed["backbone"],
            size=fixed["size"],
            steps=fixed["steps"],
            preset=fixed["preset"],
        )
        snapshot = self.snapshot(current.watermark, current.details["classes"])
        features = self.features(snapshot, plan)
        data = yield from within(prepare(plan, features), 0.0, READ)
        yield from self.find_twins(features, plan, READ, READ)
        snapshot = self.snapshot(current.watermark, current.details["classes"])
        learned = {}
        for which, method, params, low, high in (
            ("baseline", "supervised", {}, READ, BASELINE),
            ("ssl", current.method, current.params, BASELINE, TRAINED),
        ):
            learned[which] = yield from within(
                learn(
                    plan,
                    data,
                    snapshot,
                    which="ssl" if which == "ssl" else "baseline",
                    method=method,
                    params=params,
                    seed=current.seed,
                    folder=self.workspace.round_folder(current.id),
                    warm=self._weights(fixed["warm"], which),
                ),
                low,
                high,
            )
        yield Step(0.0, "predicting"), TRAINED, 1.0
        self._finish(current, snapshot, data, learned["ssl"], learned["baseline"])

    def _begin(self, plan: Plan) -> Round:
        """Fix what the round learns from, or find what an earlier attempt fixed."""
        classes = [each.id for each in self.store.classes.active()]
        watermark = self.store.labels.watermark()
        fields: dict[str, Any] = {
            "method": self.job.params["method"],
            "regime": plan.regime,
            "params": self.job.params["params"],
            "labels": self.store.labels.count("pool", watermark),
            "watermark": watermark,
            "seed": self.settings.seed + self.job.id,
            "threshold": self.settings.threshold,
            "details": {
                "classes": classes,
                "regime": plan.regime,
                "warm": self._warm(plan, len(classes)),
                "backbone": plan.backbone,
                "size": plan.size,
                "steps": plan.steps,
                "device": plan.device.type,
                "policy": self.settings.policy,
                "preset": plan.preset,
            },
        }
        return self.store.results.begin(self.fence, fields)

    def _warm(self, plan: Plan, classes: int) -> int | None:
        """The newest finished round, if it trained the same network on enough labels."""
        latest = self.store.results.latest()
        if latest is None or latest.labels < WARM_LABELS * classes:
            return None
        if plan.regime == "frozen":  # a head is trained in seconds
            return None
        same = (latest.regime, latest.details.get("backbone"), latest.details.get("size"))
        return latest.id if same == (plan.regime, plan.backbone, plan.size) else None

    def _weights(self, round_id: int | None, which: str) -> Path | None:
        """The file of an earlier round's weights, if it is there."""
        if round_id is None:
            return None
        path = self.workspace.round_folder(round_id) / f"{which}.pt"
        return path if path.exists() else None

    def _finish(
        self,
        current: Round,
        snapshot: Snapshot,
        data: Data,
        ssl: Learned,
        baseline: Learned,
    ) -> None:
        everything = torch.arange(len(data))
        probabilities = ssl.predictor(everything)
        policy = current.details["policy"]
        vectors = ssl.predictor.embed(everything).numpy()
        chosen = ask.pick(
            snapshot,
            policy,
            probabilities=probabilities,
            embeddings=vectors,
            seed=current.seed,
            members=ask.opinions(policy, ssl.predictor, baseline.predictor, data, current.seed),
            wave=self.settings.round_every,
        )
        latest = self.store.results.latest()
        before = self.store.results.predictions(latest.id) if latest else {}
        agreement = judge.agreement(before, probabilities, snapshot)
        found = judge.outcome(
            snapshot,
            probabilities,
            baseline.predictor(snapshot.test),
            threshold=current.threshold,
            model_hash=ssl.predictor.fingerprint(),
            stopped=ssl.stopped,
            details={
                **current.details,
                "agreement": agreement,
            },
        )
        folder = self.workspace.round_folder(current.id)
        if isinstance(data, ImageData):
            class_ids = [each.id for each in snapshot.classes]
            keep(ssl, folder / "ssl.pt", class_ids)
            keep(baseline, folder / "baseline.pt", class_ids)
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.store.results.finish(current.id, found)
            self.store.queue.replace(ask.order(self.store, chosen))
            self.store.jobs.finish(self.fence, "done")
        layout.leave(self.workspace, snapshot, vectors, self.settings.map_images)


def within(part: Generator[Step, None, Any], low: float, high: float) -> Generator[Any, None, Any]:
    """Pass on a part's news with its place on the bar; return what the part returns."""
    while True:
        try:
            step = next(part)
        except StopIteration as end:
            return end.value
        yield step, low, high
