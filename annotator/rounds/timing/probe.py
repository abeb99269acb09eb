"""A probe: a few steps on made-up rows tell how long training will take, before it can begin."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from annotator.measuring.timing.course import FEW, course
from annotator.model import Course, Step, Steps
from annotator.rounds.plan import HEAD, Plan
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing.amounts import PROBING
from ssl_core.backbones import build
from ssl_core.data.sources import Data, FeatureData, ImageData
from ssl_core.start import start
from ssl_core.types import Epoch, Planned

STEPS, REPORT = 8, 4  # of each network; those after the first report are timed
WORTH = 100  # steps of a round from which it is tried: a shorter one is over soon
MOST = 4096  # rows


def usual(
    plan: Plan,
    snapshot: Snapshot,
    channels: int,
    width: int | None,
    method: str,
    params: Mapping[str, Any],
) -> Steps[tuple[float, Course] | None]:
    """Return the seconds that one of `plan.steps` takes, with all around it, and the course of all.

    Args:
        plan: of the round.
        snapshot: for its labels, as many as they are.
        channels: of the pixels.
        width: of the embeddings; None where a network is trained on the images.
        method: a name in METHODS or RECIPES.
        params: its hyper-parameters.

    Returns:
        None where the round is too short for a probe, or nothing is labeled.
    """
    y = _labels(snapshot)
    if plan.steps < WORTH or not (y >= 0).any():
        return None
    data = _rows(plan, len(y), channels, width)
    size = channels if width is None else width
    backbone = plan.backbone if width is None else HEAD
    model = build(backbone, size, len(snapshot.classes))
    begun = last = time.perf_counter()
    steps, ends = 0.0, []  # seconds of one step of all networks so far; when each had learned
    planned = 1  # networks, as far as is known
    for event in start(
        method, data, y, model, options=params, steps=STEPS, epoch_steps=REPORT,
        device=plan.device.type, seed=0,
    ):  # fmt: skip
        now = time.perf_counter()
        if isinstance(event, Planned):
            planned = event.fits
        if isinstance(event, Epoch) and event.step > REPORT:
            steps += (now - last) / (STEPS - REPORT)
            ends.append(now - begun + (plan.steps - STEPS) * steps)
        if isinstance(event, Epoch):
            yield Step(0.0, PROBING)
        last = time.perf_counter()
    total = last - begun + (plan.steps - STEPS) * steps
    return _usual(ends, total, planned, plan.steps)


def _usual(ends: list[float], total: float, planned: int, steps: int) -> tuple[float, Course]:
    """The seconds that a step takes, and the course, by when each of the networks had learned.

    Made-up rows teach nothing that is sure, so networks that learn from it do not come: they count
    as the mean of those that came.
    """
    missing = max(0, planned - len(ends))
    if missing and ends:
        each = total / len(ends)
        ends = [*ends, *(total + each * number for number in range(1, missing + 1))]
        total = ends[-1]
    # Each network learns evenly
    trail, before = [], 0.0
    for number, end in enumerate(ends):
        pieces = [piece / FEW for piece in range(1, FEW + 1)]
        trail += [((number + at) / len(ends), before + (end - before) * at) for at in pieces]
        before = end
    return total / steps, course([*trail, (1.0, total)])


def _labels(snapshot: Snapshot) -> torch.Tensor:
    """As many labels and rows as there are of both, up to a bound, (n,) int64."""
    known = snapshot.y[snapshot.y >= 0][: MOST // 2]
    n = min(MOST, int(snapshot.pool.sum()))
    y = torch.full((max(n, len(known) + 1),), -1, dtype=torch.int64)
    y[: len(known)] = known
    return y


def _rows(plan: Plan, n: int, channels: int, width: int | None) -> Data:
    rng = np.random.default_rng(0)
    if width is None:
        shape = (n, channels, plan.size, plan.size)
        return ImageData(rng.integers(0, 256, shape, np.uint8), plan.preset, plan.device)
    made = rng.standard_normal((n, width), np.float32).astype(np.float16)
    return FeatureData(made, np.stack([made, made]), np.stack([made, made]), plan.device)
