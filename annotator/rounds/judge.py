"""What a trained round says of every image: predictions, pseudo-labels, ratios, a histogram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from annotator.advice import kappa
from annotator.model import Prediction
from annotator.rounds.snapshot import Snapshot
from annotator.store.results import Outcome
from ssl_core.acquire.entropy import entropy

BINS = 20


def predictions(probabilities: Tensor, rows: Tensor, snapshot: Snapshot) -> list[Prediction]:
    """Class, confidence and entropy (nats) of each row from its probabilities (n, C)."""
    confidence, number = probabilities.max(1)
    nats = entropy(probabilities.clamp_min(1e-30).log().numpy())
    ids = [each.id for each in snapshot.classes]
    return [
        Prediction(row + 1, ids[place], sure, float(surprise))
        for row, place, sure, surprise in zip(
            rows.tolist(), number.tolist(), confidence.tolist(), nats, strict=True
        )
    ]


def outcome(
    snapshot: Snapshot,
    ssl: Tensor,
    baseline: Tensor,
    *,
    threshold: float,
    model_hash: str,
    stopped: str,
    details: Mapping[str, Any],
) -> Outcome:
    """Put together what the store keeps of a round.

    Args:
        snapshot: the data it learned from.
        ssl: probabilities of the semi-supervised model for all images, (N, C).
        baseline: those of the supervised model for the test images, (t, C).
        threshold: confidence from which a prediction of an unlabelled image is a pseudo-label.
        model_hash: names the semi-supervised weights.
        stopped: why training ended.
        details: more to remember.
    """
    everything = torch.arange(len(ssl))
    confidence, number = ssl[snapshot.unlabelled].max(1)
    sure = confidence.double() >= threshold  # as the store compares them
    return Outcome(
        predictions={
            "ssl": predictions(ssl, everything, snapshot),
            "baseline": predictions(baseline, snapshot.test, snapshot),
        },
        pseudo_labels=int(sure.sum()),
        pseudo_ratio=int(sure.sum()) / len(sure) if len(sure) else 0.0,
        by_class=by_class(number, sure, [each.id for each in snapshot.classes]),
        model_hash=model_hash,
        stopped=stopped,
        details={**details, "histogram": histogram(confidence)},
    )


def agreement(
    before: Mapping[int, Prediction], probabilities: Tensor, snapshot: Snapshot
) -> float | None:
    """Cohen's kappa of this round's classes with those of the round before, by image."""
    ids = [each.id for each in snapshot.classes]
    now = {row + 1: ids[place] for row, place in enumerate(probabilities.argmax(1).tolist())}
    return kappa({image: said.class_id for image, said in before.items()}, now)


def by_class(number: Tensor, sure: Tensor, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Class id -> (images predicted so, those of them that are pseudo-labels)."""
    predicted = torch.bincount(number, minlength=len(ids)).tolist()
    pseudo = torch.bincount(number[sure], minlength=len(ids)).tolist()
    return {each: (predicted[place], pseudo[place]) for place, each in enumerate(ids)}


def histogram(confidence: Tensor) -> list[int]:
    """Counts in equal bins over [0, 1]; a confidence of exactly 1 is in the last."""
    bins = (confidence * BINS).long().clamp_max(BINS - 1)
    counts: list[int] = torch.bincount(bins, minlength=BINS).tolist()
    return counts
