"""A round: learn from the labels, predict everything, write it down, choose what to ask next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from typing_extensions import override

from annotator.catalog.checks import fixed
from annotator.model import Job, Model, Round, RoundDetails, RoundRequest, Step, Steps, Trial
from annotator.model.networks.executors import LOCAL
from annotator.project import Workspace
from annotator.project.graphs import Graphs
from annotator.rounds import judge, questions
from annotator.rounds.elsewhere.predicted import predict
from annotator.rounds.features import channels, uncolored
from annotator.rounds.job import Performance, as_part, within
from annotator.rounds.learn import Learned, keep, learn, rows_of
from annotator.rounds.places import leave
from annotator.rounds.plan import Plan, decide
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing import amounts
from annotator.rounds.timing.foreseen import foresee
from annotator.rounds.trial import BESIDE, consult
from annotator.store import Fence, Store
from annotator.store.results import Begun
from ssl_core.data.sources import Data, ImageData
from ssl_core.fingerprint import digest
from ssl_core.measure.remote import distances
from ssl_core.training.checkpoint import DAMAGED, set_aside
from ssl_core.training.device import exact
from ssl_core.training.trainer import pick_device
from ssl_core.types import relayed

TRIED = 0.4  # share of a round's progress bar at which a trial ends, where there is one
# Shares of the rest at which its parts end
READ, BASELINE, TRAINED = 0.15, 0.3, 0.9
# Labels a class from which the next round starts from this one's weights. With fewer, a round that
# confused two classes handed the confusion on: 88 % at 100 labels where fresh starts had 97 %.
WARM_LABELS = 10


class Training(Performance):
    """A round as it was asked for at the click: what has changed since then does not touch it."""

    def __init__(self, workspace: Workspace, store: Store, job: Job, fence: Fence) -> None:
        super().__init__(workspace, store, job, fence)
        self.request = RoundRequest.read(job.params) or fixed(store, job.params)

    def steps(self) -> Steps[None]:
        return relayed(self._steps(), self._hear)

    def _hear(self, step: Step) -> Step:
        """Keep for the report what was not done as asked."""
        if step.told and step.told not in self.told:
            self.told.append(step.told)
        return step

    def _steps(self) -> Steps[None]:
        asked = self.request
        before = self.snapshot(asked.watermark, asked.classes, asked.newest, asked.merged)
        colors = uncolored(self.workspace.features, before.files)
        self.ledger.expect(amounts.outline(amounts.ROUND, colors))
        yield from within(self.look(before), 0.0, 0.0)
        set_aside(self.workspace.trial_folder(self.job.id).rglob("*.pt"))
        trial = None
        if self.store.results.of_job(self.job.id) is None:  # once it has begun all is settled
            trial = yield from within(consult(self, asked, before), 0.0, TRIED)
        current = self._begin(channels(self.workspace.features, before.files), trial)
        self.round_number = current.number
        tried = current.details.trial
        low = TRIED if tried and tried.labels == current.labels else 0.0  # it may be an earlier one
        yield from within(self._learning(current, before), low, 1.0)

    @override
    def left_out(
        self, watermark: int, class_ids: tuple[int, ...], merged: tuple[tuple[int, int], ...]
    ) -> set[int]:
        """What people disagree about, where the settings say so."""
        if self.request.settings.unsettled == "learn":
            return set()
        return self.store.search.opinions.unsettled(watermark, class_ids, merged)

    def _learning(self, current: Round, before: Snapshot) -> Steps[None]:
        """Do everything that comes after the regime is settled."""
        asked, plan = self.request, self._plan(current)
        features = self.features(before, plan)
        yield from foresee(self, current, plan, features, before)
        data = yield from within(rows_of(plan, features, current.method, current.params), 0.0, READ)
        yield from self.find_near_duplicates(before, features, plan, READ, READ)
        fixed = current.details
        snapshot = self.snapshot(current.watermark, fixed.classes, asked.newest, fixed.merged)
        if set_aside(path for folder in self._folders(current) for path in folder.rglob("*.pt")):
            yield Step(READ, "weights on the disk were damaged: training starts anew")
        learning = self._learn(current, plan, data, snapshot, "baseline")
        baseline = yield from within(as_part(learning, amounts.BASELINE), READ, BASELINE)
        learning = self._learn(current, plan, data, snapshot, "ssl")
        ssl = yield from within(as_part(learning, amounts.TRAINING), BASELINE, TRAINED)
        yield self._further(0.0)
        if features.executor != LOCAL:
            order = features.order(plan.backbone, plan.size, plan.preset)
            folder = self.workspace.round_folder(current.number) / "elsewhere"
            both = (ssl.predictor, baseline.predictor)
            for share in predict(order, both, data, features.names, folder):
                yield self._further(share / 2)
        yield from self._finish(current, snapshot, data, ssl, baseline)

    def _begin(self, channels: int, trial: Trial | None) -> Round:
        """Fix what the click could not know, the plan on this device; or find it fixed."""
        asked = self.request
        regime = trial.winner if trial else asked.regime
        plan = decide(asked.settings, regime, asked.median_side, pick_device("auto"))
        return self.store.results.begin(
            self.fence,
            Begun(
                method=asked.method,
                regime=plan.regime,
                params=asked.params,
                labels=asked.labels,
                watermark=asked.watermark,
                seed=asked.settings.seed + self.job.id,
                threshold=asked.settings.threshold,
                details=RoundDetails(
                    classes=asked.classes,
                    baseline=BESIDE,
                    warm=self._warm(plan, channels),
                    channels=channels,
                    backbone=plan.backbone,
                    size=plan.size,
                    steps=plan.steps,
                    device=plan.device.type,
                    policy=asked.settings.policy,
                    preset=plan.preset,
                    trial=trial,
                    merged=asked.merged,
                ),
            ),
        )

    def _plan(self, current: Round) -> Plan:
        """The plan of the first attempt: a later one may find another device."""
        decided = current.details
        return Plan(
            current.regime,
            decided.backbone,
            decided.size,
            decided.preset,
            decided.steps,
            pick_device("auto"),
        )

    def _warm(self, plan: Plan, channels: int) -> int | None:
        """The newest finished round, if it trained the same network on enough labels that stand."""
        latest = self.store.results.latest()
        if latest is None or latest.labels < WARM_LABELS * len(self.request.classes):
            return None
        if plan.regime == "frozen":  # a head is trained in seconds
            return None
        known = latest.details
        same = (latest.regime, known.backbone, known.size, known.channels)
        if same != (plan.regime, plan.backbone, plan.size, channels) or self._withdrawn(latest):
            return None
        return latest.number

    def _withdrawn(self, earlier: Round) -> bool:
        """Whether an image has another label now than an earlier round learned, or none."""
        then, asked = earlier.details, self.request
        about = (earlier.watermark, then.classes, then.merged)
        passed = self.store.search.opinions.unsettled(*about) if then.left_out else set[int]()
        learned = [each for each in self.store.labels.fixed(*about) if each.image_id not in passed]
        without = self.left_out(asked.watermark, asked.classes, asked.merged)
        stands = {
            each.image_id: each.class_id
            for each in self.store.labels.fixed(asked.watermark, asked.classes, asked.merged)
            if each.image_id not in without
        }
        return any(stands.get(each.image_id) != each.class_id for each in learned)

    def _learn(
        self, current: Round, plan: Plan, data: Data, snapshot: Snapshot, which: Model
    ) -> Steps[Learned]:
        own = which == "ssl"
        method, params = (current.method, current.params) if own else (current.baseline, {})
        return learn(
            plan,
            data,
            snapshot,
            which=which,
            method=method,
            params=params,
            seed=current.seed,
            folder=self.workspace.round_folder(current.number),
            warm=self._weights(current.details.warm, which),
            kept=Graphs(self.workspace.graphs),
        )

    def _folders(self, current: Round) -> list[Path]:
        """Where the round keeps weights, and where those lie that it starts from."""
        numbers = [current.number, *([current.details.warm] if current.details.warm else [])]
        return [self.workspace.round_folder(number) for number in numbers]

    def _weights(self, number: int | None, which: str) -> Path | None:
        """The file of an earlier round's weights, if it is there."""
        if number is None:
            return None
        path = self.workspace.round_folder(number) / f"{which}.pt"
        return path if path.exists() else None

    def _finish(
        self, current: Round, snapshot: Snapshot, data: Data, ssl: Learned, baseline: Learned
    ) -> Steps[None]:
        everything = torch.arange(len(data))
        probabilities = ssl.predictor.probabilities(everything)
        yield self._further(0.6)
        policy, settings = current.details.policy, self.request.settings
        vectors = ssl.predictor.embed(everything).numpy()
        yield self._further(0.7)
        chosen = questions.pick(
            snapshot,
            policy,
            probabilities=probabilities,
            embeddings=vectors,
            seed=current.seed,
            members=questions.opinions(
                policy, ssl.predictor, baseline.predictor, data, current.seed
            ),
            wave=settings.round_every,
        )
        withheld = ssl.withheld or baseline.withheld
        # Only now: no validation label has a say in what is asked, nor whose answers stand
        said = {"ssl": probabilities, "baseline": baseline.predictor.probabilities(everything)}
        yield self._further(0.75)
        kept = None if current.method == BESIDE else (ssl.withheld, baseline.withheld)
        said, defers, temperatures = judge.settled(said, kept, snapshot)
        named = ssl.predictor.fingerprint()
        named = digest(named, baseline.predictor.fingerprint()) if defers else named
        found = judge.outcome(
            snapshot,
            said["ssl"],
            said["baseline"],
            distances=torch.from_numpy(distances(vectors, vectors[(snapshot.y >= 0).numpy()])),
            threshold=current.threshold,
            model_hash=digest(named, temperatures["ssl"]) if temperatures else named,
            stopped=ssl.stopped,
            details=replace(
                current.details,
                left_out=snapshot.left_out,
                adapted=tuple(filter(None, [*self.told, exact.said(self.inexact)])),
                baseline=strongest(baseline) or current.details.baseline,
                shares=ssl.shares,
                losses=ssl.losses,
                deferred=defers,
                withheld=len(withheld.rows) if withheld else None,
                validation=0 if snapshot.validated is None else len(snapshot.validated),
                temperatures=temperatures,
                agreement=self._agreement(said["ssl"], snapshot),
                anew=tuple(
                    sorted(
                        path.name.removesuffix(DAMAGED)
                        for folder in self._folders(current)
                        for path in folder.rglob(f"*{DAMAGED}")
                    )
                ),
            ),
        )
        yield self._further(0.8)
        folder = self.workspace.round_folder(current.number)
        self.store.jobs.check(self.fence)  # who lost the job must not touch its files either
        if isinstance(data, ImageData):
            class_ids = [each.id for each in snapshot.classes]
            keep(ssl, folder / "ssl.pt", class_ids)
            keep(baseline, folder / "baseline.pt", class_ids)
        with self.store.db.immediate():
            self.store.jobs.check(self.fence)
            self.store.results.finish(current.number, found)
            self.store.doubts.write(current.number, judge.doubts(withheld, snapshot))
            self.store.queue.replace(questions.order(self.store, chosen))
            self.ledger.close()
            self.store.jobs.finish(self.fence, "done")
        leave(self.workspace, snapshot, vectors, settings.map_images)

    def _further(self, share: float) -> Step:
        """How far it is once both have learned: with a million images that takes minutes."""
        far = TRAINED + (1 - TRAINED) * share
        return Step(far, amounts.PREDICTING, part=amounts.PREDICTING, done=share)

    def _agreement(self, probabilities: Tensor, snapshot: Snapshot) -> float | None:
        """How far it says what the round before said; None without one."""
        latest = self.store.results.latest()
        if latest is None:
            return None
        return judge.agreement(self.store.results.said(latest.number), probabilities, snapshot)


def strongest(learned: Learned) -> str | None:
    """The learner that counts most; None where none were weighed."""
    return max(learned.shares, key=learned.shares.__getitem__, default=None)
