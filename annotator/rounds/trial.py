"""A trial: before "auto" trains a whole network, labels that neither regime knows compare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor

from annotator.model import Round, RoundRequest, Step, Steps, Trained, Trial
from annotator.project.graphs import Graphs
from annotator.rounds.job import Performance, within
from annotator.rounds.learn import network, rows_of
from annotator.rounds.plan import Plan, decide, tunable
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing.amounts import AGAIN, TRYING
from annotator.rounds.timing.foreseen import foresee_trial
from ssl_core.data.sources import Data
from ssl_core.evidence.folds import folds, log_loss, witnesses
from ssl_core.evidence.paired import lead
from ssl_core.fits.neural import NeuralFit
from ssl_core.measure.metrics import balanced_accuracy
from ssl_core.methods import METHODS
from ssl_core.parts.committee import Committee, mean
from ssl_core.parts.graph.spreading import Spread
from ssl_core.parts.linear import Linear
from ssl_core.recipe import balanced
from ssl_core.recipes import Ensemble, Logistic
from ssl_core.training.trainer import pick_device
from ssl_core.types import Adapted, Epoch, Predictor, Run, relayed

PARTS, HELD = 4, 2  # the labels are dealt into so many parts; so many, at most, are held out
# Standard errors of log loss by which a whole network must lead, part after part. Labels were asked
# where the frozen model was in doubt, so they are harder for it than for another
CLEAR = 2.0
LEAST = 5  # witnesses a part: with CLEAR² or fewer no lead is clear, whatever they say
GROWN = 1.5  # so many times the labels make a new trial
STAND_IN = "adamatch"  # tries for a recipe, which trains several networks...
STAND_INS = {"logistic": "supervised", "plain": "supervised"}  # ...or one, on labels alone
BESIDE = "plain"  # trained beside the method: the better of its learners is the baseline
STRENGTH, K, ALPHA = Logistic().strength, Ensemble().k, Ensemble().alpha
READ = 0.1  # share of the bar at which images are read
BARS: dict[Trained, tuple[float, float]] = {"frozen": (0.0, 0.1), "finetune": (0.1, 1.0)}

Sides: TypeAlias = Mapping[Trained, tuple[Plan, Data]]


def consult(part: Performance, asked: RoundRequest, snapshot: Snapshot) -> Steps[Trial | None]:
    """Return the trial that settles "auto", a new one if it must be; None where there is none.

    Raises:
        WorkspaceError: an image is gone or damaged.
    """
    device, side = pick_device("auto"), asked.median_side
    labels = asked.labels / max(1, len(asked.classes))
    if asked.regime != "auto" or not tunable(side, device, labels):
        return None
    frozen = decide(asked.settings, "frozen", side, device)
    whole = decide(asked.settings, "finetune", side, device)
    known = standing(part.store.results.rounds(), asked, frozen, whole)
    if known is not None:
        return known
    features = part.features(snapshot, frozen)
    method, params = asked.method, asked.params
    begins = yield from foresee_trial(
        part, asked, (frozen, whole), features, snapshot, stand_in=stand_in(method), beside=BESIDE
    )
    vectors = yield from within(rows_of(frozen, features, method, params), 0.0, READ)
    images = yield from within(rows_of(whole, features, method, params), READ, READ)
    yield from part.find_near_duplicates(snapshot, features, frozen, READ, READ)
    snapshot = part.snapshot(asked.watermark, asked.classes, asked.newest, asked.merged)
    kept = Graphs(part.workspace.graphs)
    trying = Trying(asked, snapshot, part.workspace.trial_folder(part.job.id), kept)
    # Copies of test images have no say
    if trying.witnesses < PARTS * max(LEAST, len(asked.classes)):
        return None
    sides: Sides = {"frozen": (frozen, vectors), "finetune": (whole, images)}
    return (yield from within(relayed(trying.steps(sides, begins), _turn), READ, 1.0))


def stand_in(method: str) -> str:
    """The method by which one network stands for a recipe, or the method itself."""
    return method if method in METHODS else STAND_INS.get(method, STAND_IN)


def _turn(step: Step) -> Step:
    """Which turn of the trial a step is of, by how much of all is done, and how much of that."""
    done = step.share * HELD
    if done <= 1:
        return replace(step, part=TRYING, done=done)
    return replace(step, part=AGAIN, done=(done - 1) / (HELD - 1))


def standing(
    rounds: Sequence[Round], asked: RoundRequest, frozen: Plan, whole: Plan
) -> Trial | None:
    """Return the newest trial, if it was of the same work and labels have not grown by half since.

    Args:
        rounds: all there are, oldest first; also one that was canceled had its trial.
        asked: the round that is to be settled.
        frozen: the plan on one side.
        whole: the plan on the other.
    """
    now = asked.settings
    wanted = (asked.method, asked.params, asked.classes, now.preset, now.steps, whole.device.type)
    for each in reversed(rounds):
        then, trial = each.details, each.details.trial
        if trial is None:  # the regime was the user's word
            continue
        work = (each.method, each.params, then.classes, then.preset, then.steps, then.device)
        same = (work, trial.networks) == (wanted, networks(frozen, whole))
        return trial if same and asked.labels < GROWN * trial.labels else None
    return None


def networks(frozen: Plan, whole: Plan) -> str:
    """Both networks by name, each with the size at which it sees the images."""
    return ", ".join(f"{plan.backbone} at {plan.size}" for plan in (frozen, whole))


class Trying:
    """Both regimes learn from a part of the labels and are asked about the others."""

    def __init__(
        self, asked: RoundRequest, snapshot: Snapshot, folder: Path, kept: Graphs | None = None
    ) -> None:
        self.asked, self.snapshot, self.folder, self.kept = asked, snapshot, folder, kept
        self.rows = snapshot.pool.nonzero().squeeze(1)
        self.y = snapshot.y[self.rows]
        self.known = (self.y >= 0).nonzero().squeeze(1)
        groups = snapshot.groups
        self.groups = None if groups is None else groups[self.rows[self.known]]

    @property
    def witnesses(self) -> int:
        """How many labels are of images that do not belong together: as many as groups."""
        return witnesses(self.known, self.groups)

    def steps(self, sides: Sides, begins: Callable[[str], None] = lambda _: None) -> Steps[Trial]:
        """Hold out one part of the labels after another; say how much of them each side knew.

        `begins` is told of each turn but the first. A whole network that does not lead by CLEAR
        after the first part is given up.
        """
        part = folds(self.y[self.known], PARTS, self.groups)
        fits = {regime: self._fit(*side) for regime, side in sides.items()}
        said: dict[Trained, list[Tensor]] = {regime: [] for regime in sides}
        for number in range(HELD):
            if number:
                begins(AGAIN)
            out = self.known[part == number]
            y = self.y.index_fill(0, out, -1)
            for regime, fit in fits.items():
                low, high = ((number + bound) / HELD for bound in BARS[regime])
                models = yield from within(self._learned(fit, y), low, high)
                answers = [model.probabilities(self.rows[out]) for model in models]
                said[regime].append(torch.stack(answers))
            held = torch.cat([(part == each).nonzero().squeeze(1) for each in range(number + 1)])
            truth = self.y[self.known[held]]
            frozen, whole = (best(torch.cat(said[each], 1), truth) for each in BARS)
            ahead, error = lead(
                whole, frozen, truth, None if self.groups is None else self.groups[held]
            )
            if ahead < CLEAR * error:
                break
        shares = {"frozen": right(frozen, truth), "finetune": right(whole, truth)}
        clear = ahead >= CLEAR * error and shares["finetune"] > shares["frozen"]
        return Trial(
            **shares,
            labels=self.asked.labels,
            held=len(truth),
            winner="finetune" if clear else "frozen",
            networks=networks(*(plan for plan, _ in sides.values())),
        )

    def _fit(self, plan: Plan, data: Data) -> NeuralFit:
        """Networks of this plan by the round's method, or by one that stands for its recipe."""
        asked, seed = self.asked, self.asked.settings.seed
        own = asked.method in METHODS
        return NeuralFit(
            data,
            network(plan, data, len(self.snapshot.classes), seed),
            pool=self.snapshot.pool,
            method=stand_in(asked.method),
            options=asked.params if own else None,
            checkpoint=self.folder / plan.regime,
            kept=self.kept,
            seed=seed,
            steps=plan.steps,
            device=plan.device.type,
        )

    def _learned(self, fit: NeuralFit, y: Tensor) -> Steps[Sequence[Predictor]]:
        """Learn from labels `y` (n,) of the pool, -1 where held out or unknown."""
        rows, labels = self.rows[y >= 0], y[y >= 0]
        if self.asked.method in METHODS:
            return [(yield from self._told(fit(rows, labels), fit, len(rows)))]
        if fit.embed is not None:  # a recipe answers about as well as the best of these
            line = Linear(fit.embed, self.rows, y, fit.num_classes, strength=STRENGTH)
            if self.asked.method in STAND_INS:
                return [line]
            graph = Spread(
                fit.embed, self.rows, y, fit.num_classes, k=K, alpha=ALPHA, kept=fit.kept
            )
            return [line, graph, Committee((line, graph), mean)]
        seer = yield from self._told(fit(*balanced(rows, labels)), fit, len(rows))
        if self.asked.method in STAND_INS:
            return [seer]
        graph = Spread(seer.embed, self.rows, y, fit.num_classes, k=K, alpha=ALPHA)
        return [Committee((seer, graph), mean)]

    def _told(self, run: Run, fit: NeuralFit, learned: int) -> Steps[Predictor]:
        """Turn a run's events into steps."""
        what = "a whole network" if fit.embed is None else "a frozen one"
        message = f"trying {what} on {learned:,} of {len(self.known):,} labels"

        def told(event: object) -> Step | None:
            if isinstance(event, Adapted):
                return Step(0.0, event.words, told=event.words)
            if not isinstance(event, Epoch):
                return None
            return Step(event.step / event.steps, f"{message}: step {event.step} of {event.steps}")

        return relayed(run, told)


def best(said: Tensor, truth: Tensor) -> Tensor:
    """Return the answers (n, C) of the model of (m, n, C) that knew most of `truth` (n,).

    Models that knew equally much are told apart by their log loss.
    """
    chosen: Tensor = max(said, key=lambda each: (right(each, truth), -log_loss(each, truth)))
    return chosen


def right(said: Tensor, truth: Tensor) -> float:
    """Return the balanced accuracy of probabilities (n, C) for classes `truth` (n,)."""
    return balanced_accuracy(truth.numpy(), said.argmax(1).numpy())
