"""Training the baseline and the semi-supervised model on the same labels and budget."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from annotator.model import EpochPoint, Model, Step, Steps
from annotator.project.graphs import Graphs
from annotator.rounds.features import VIEWS, Embedded, Features
from annotator.rounds.plan import HEAD, Plan
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing.amounts import EMBEDDING, JOINING, READING
from ssl_core.backbones import build
from ssl_core.data.sources import Data, FeatureData, ImageData
from ssl_core.methods import METHODS, build_method
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.start import start
from ssl_core.training import checkpoint
from ssl_core.types import (
    Adapted,
    Classifier,
    Epoch,
    Planned,
    Predictor,
    Run,
    Stopped,
    Task,
    Weighed,
    Withheld,
    Working,
    relayed,
)

KEPT = 0.5  # of an earlier round's weights, in a warm start


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained model over the images (a network, a graph, a committee), and why it ended.

    Where its learners were weighed, it also has their shares of the answer and the log losses, in
    nats, by which they were; where labels were kept from them, what they said of those.
    """

    predictor: Predictor
    stopped: str
    shares: Mapping[str, float] = field(default_factory=dict)
    losses: Mapping[str, float] = field(default_factory=dict)
    withheld: Withheld | None = None


def rows_of(plan: Plan, features: Features, method: str, params: Mapping[str, Any]) -> Steps[Data]:
    """Decode (and embed) what is missing; return the rows that networks train on.

    A second weak copy takes a fifth of the time and of the cache: it is made where the method
    compares two, and what other methods learn from stays the same.

    Raises:
        WorkspaceError: an image is gone or damaged.
    """
    if plan.regime == "finetune":
        for share in features.fill_pixels(plan.size):
            yield Step(share, READING, part=READING, done=share)
        return ImageData(features.pixels(plan.size).read(), plan.preset, plan.device)
    embeddings = features.embeddings(plan.backbone, plan.size, plan.preset)
    views = seen(method, params)
    yield from filled(embeddings, views)
    if embeddings.told:
        yield Step(1.0, embeddings.told, told=embeddings.told)
    weak = [view for view in views if view.startswith("weak")]
    return FeatureData(
        embeddings.read("clean"),
        [embeddings.read(view) for view in weak],
        [embeddings.read("strong"), embeddings.read("strong2")],
        plan.device,
    )


def seen(method: str, params: Mapping[str, Any]) -> list[str]:
    """The views of each image that a round embeds."""
    return [*VIEWS, *(["weak2"] if compares_weak(method, params) else [])]


def filled(embeddings: Embedded, views: Sequence[str]) -> Steps[None]:
    """Bring embeddings that are missing: images are read first, then a network looks at them."""
    low = embeddings.reading
    for share in embeddings.fill(views):
        part, done = (
            (READING, share / low) if share <= low else (EMBEDDING, (share - low) / (1 - low))
        )
        yield Step(share, EMBEDDING, part=part, done=done)


def compares_weak(method: str, params: Mapping[str, Any]) -> bool:
    """Whether a method asks for several weak views of an image at once."""
    if method not in METHODS:
        return False
    task = Task(num_classes=2, num_unlabeled=1, num_features=1, class_prior=torch.ones(2) / 2)
    return "weak2" in build_method(method, task, **params).views


def joining(
    embeddings: Embedded | None, snapshot: Snapshot, method: str, kept: Graphs
) -> Steps[object] | None:
    """Return the work that leaves in `kept` what takes rounds by this method long to find.

    It depends on embeddings, which must be there when it is begun, and on no label. None where
    there is no such work.
    """
    if embeddings is None or method not in RECIPES:
        return None

    def seen(rows: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(embeddings.read("clean")[rows.numpy()]).float()

    pool = snapshot.pool.nonzero().squeeze(1)
    work = build_recipe(method).ahead(pool, seen, kept)
    return None if work is None else relayed(work, _joined)


def _joined(event: Working) -> Step:
    return Step(event.done, JOINING, part=JOINING, done=event.done)


def network(plan: Plan, data: Data, classes: int, seed: int) -> Classifier:
    """The network of this plan with fresh weights (pretrained ones where the backbone has them)."""
    if isinstance(data, ImageData):
        return build(plan.backbone, data.num_channels, classes, seed=seed)
    assert isinstance(data, FeatureData)
    return build(HEAD, data.num_features, classes, seed=seed)


def learn(
    plan: Plan,
    data: Data,
    snapshot: Snapshot,
    *,
    which: Model,
    method: str,
    params: Mapping[str, Any],
    seed: int,
    folder: Path,
    warm: Path | None,
    kept: Graphs | None = None,
) -> Steps[Learned]:
    """Train one model of the round, from its last checkpoint if there is one.

    Args:
        plan: what to train.
        data: rows of all images.
        snapshot: labels, and which rows may be seen.
        which: "baseline" or "ssl", the name under which checkpoints and epochs are kept.
        method: a name in METHODS or RECIPES.
        params: hyper-parameters of the method.
        seed: of weights, batches and augmentation.
        folder: where checkpoints go.
        warm: weights of the same model of an earlier round, to start from; a recipe that starts
            from scratch leaves them.
        kept: where graphs of embeddings lie from round to round.
    """
    model = network(plan, data, len(snapshot.classes), seed)
    if warm is not None and not (method in RECIPES and RECIPES[method].from_scratch):
        start_from(model, warm, [each.id for each in snapshot.classes])
    run = start(
        method, data, snapshot.y, model,
        pool=snapshot.pool, groups=snapshot.groups, options=params, checkpoint=folder / which,
        kept=kept, steps=plan.steps, device=plan.device.type, seed=seed,
    )  # fmt: skip
    planned = 1 if method in METHODS else None
    return (yield from follow(run, which, f"training {method}", planned))


def place(done: float, planned: int | None) -> float:
    """The share of the bar when so many fits are `done`, the last perhaps in part.

    Where nobody knows how many come, each takes half of what is left.
    """
    return 1 - 0.5**done if planned is None else min(done / planned, 1.0)


def follow(run: Run, which: Model, message: str, planned: int | None) -> Steps[Learned]:
    """Turn a run's events into steps; `planned` is how many fits are to come, if that is known.

    Fits that are only asked about labels kept from them have no curve.
    """
    fits = 0
    last: dict[type, Any] = {Stopped: Stopped(""), Weighed: Weighed({}, {}), Withheld: None}
    while True:
        try:
            event = next(run)
        except StopIteration as end:
            told, weighed = last[Stopped].reason, last[Weighed]
            return Learned(end.value, told, weighed.shares, weighed.losses, last[Withheld])
        last[type(event)] = event
        if isinstance(event, Planned):
            planned = event.fits
        elif isinstance(event, Adapted):
            yield Step(place(fits, planned), event.words, told=event.words)
        elif isinstance(event, Working):
            yield Step(place(fits, planned), f"{message}: {event.what}, {event.done:.0%}")
        elif isinstance(event, Stopped):
            fits += 1  # also one that an earlier attempt had done
        elif isinstance(event, Epoch):
            told = f"{message} on a part of the labels" if event.apart else message
            yield Step(
                place(fits + event.step / event.steps, planned),
                f"{told}: step {event.step} of {event.steps}",
                None if event.apart else _point(event, which, fits),
            )


def _point(event: Epoch, which: Model, fits: int) -> EpochPoint:
    """The point of a curve that an epoch is, after so many fits."""
    return EpochPoint(
        model=which,
        number=fits * event.epochs + event.number,  # the same whoever resumes, and where
        step=event.step,
        loss=event.loss,
        supervised=event.supervised,
        unsupervised=event.unsupervised,
        used=event.used,
        at=time.time(),
    )


def keep(learned: Learned, path: Path, class_ids: list[int]) -> None:
    """Save a trained network, where there is one, for the next round to start from."""
    model = learned.predictor.model
    if model is not None:
        weights = {"state": model.state_dict(), "classes": class_ids}
        checkpoint.save(path, {"fingerprint": "weights", **weights})


def start_from(model: Classifier, path: Path, class_ids: list[int]) -> None:
    """Move fresh weights half-way to an earlier round's; a class it did not know stays fresh.

    Half-way (shrink and perturb; Ash & Adams, 2020, "On Warm-Starting Neural Network Training"):
    a network that starts from all it believed keeps its errors, for it labels its own lessons.
    """
    saved = checkpoint.load(path, "weights")
    if saved is None:
        return
    state = model.state_dict()
    for name, old in saved["state"].items():
        if not old.is_floating_point():
            continue
        if not name.startswith("head."):
            state[name].lerp_(old, KEPT)
            continue
        for place, class_id in enumerate(class_ids):
            if class_id in saved["classes"]:
                state[name][place].lerp_(old[saved["classes"].index(class_id)], KEPT)
    model.load_state_dict(state)
