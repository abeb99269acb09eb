"""What a trained round says of every image: predictions, pseudo-labels, ratios, a histogram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from annotator.measuring.advice import kappa
from annotator.model import VALIDATION, DoubtedLabel, RoundDetails
from annotator.rounds.snapshot import Snapshot
from annotator.store.columns.predicted import Ids, Predicted
from annotator.store.results import Outcome
from ssl_core.acquire.entropy import entropy
from ssl_core.evidence.deferring import deferring, leads
from ssl_core.evidence.weighing import temperature, tempered
from ssl_core.measure.mistakes import doubted
from ssl_core.types import Withheld

BINS = 20


def predictions(
    probabilities: Tensor, rows: Tensor, snapshot: Snapshot, distances: Tensor | None = None
) -> Predicted:
    """Class, confidence, entropy (nats) and shares of each row from its probabilities (n, C).

    With `distances` (n,) of the rows from labeled ones, also that; one without end is not known.
    """
    confidence, number = probabilities.max(1)
    ids = np.array([each.id for each in snapshot.classes], np.int64)
    far = torch.full((len(rows),), torch.inf) if distances is None else distances
    return Predicted(
        image_ids=snapshot.index.ids[rows.numpy()],
        class_ids=ids[number.numpy()],
        confidence=confidence.double().numpy(),
        entropy=np.asarray(entropy(probabilities.numpy()), np.float64),
        probabilities=probabilities.numpy(),
        distance=far.double().numpy(),
    )


def defers(
    ssl: Withheld | None, plain: Withheld | None, said: Mapping[str, Tensor], snapshot: Snapshot
) -> bool:
    """Whether the labels kept from both do not show that the model knows more than the plain one.

    Where they were not kept from both nothing can tell, and the model speaks for itself, as it does
    where it says what the plain one says. `said` is what both say of every image, (N, C).
    """
    if ssl is None or plain is None or torch.equal(ssl.said, plain.said):
        return False
    assert torch.equal(ssl.rows, plain.rows)
    own, other = (said[which][snapshot.open].argmax(1) for which in ("ssl", "baseline"))
    differing = float((own != other).double().mean()) if len(own) else 0.0
    groups = None if snapshot.groups is None else snapshot.groups[ssl.rows]
    return not leads(ssl.said, plain.said, snapshot.y[ssl.rows], differing, groups)


def calibrated(said: Tensor, snapshot: Snapshot) -> tuple[Tensor, float | None]:
    """Probabilities (N, C) as sure as validation images let them be, and the temperature for that.

    The likeliest class of an image stays the likeliest. With fewer than VALIDATION labeled images
    they stay as they are: as sure as those labels let them be that were kept from learners in turn,
    where any were.
    """
    rows, y = snapshot.validated, snapshot.truths
    if rows is None or y is None or len(rows) < VALIDATION:
        return said, None
    found = temperature(said[rows], y, torch.ones(len(y)))
    return tempered(said, found), found


def settled(
    said: Mapping[str, Tensor],
    kept: tuple[Withheld | None, Withheld | None] | None,
    snapshot: Snapshot,
) -> tuple[dict[str, Tensor], bool, dict[str, float]]:
    """What both models say in the end, whether the model `defers`, and the temperatures.

    Args:
        said: what each says of every image, (N, C).
        kept: what each said of labels that were kept from it, where any were; None where the model
            is to speak for itself, whatever they say.
        snapshot: the data that they learned from.
    """
    found, temperatures = dict(said), dict[str, float]()
    if deferred := kept is not None and defers(*kept, said, snapshot):
        found["ssl"] = deferring(said["ssl"], said["baseline"])
    for which, each in found.items():
        found[which], given = calibrated(each, snapshot)
        temperatures |= {} if given is None else {which: given}
    return found, deferred, temperatures


def outcome(
    snapshot: Snapshot,
    ssl: Tensor,
    baseline: Tensor,
    *,
    threshold: float,
    model_hash: str,
    stopped: str,
    details: RoundDetails,
    distances: Tensor | None = None,
) -> Outcome:
    """Put together what the store keeps of a round.

    Args:
        snapshot: the data it learned from.
        ssl: probabilities of the semi-supervised model for all images, (N, C).
        baseline: those of the baseline, likewise.
        threshold: confidence from which a prediction of an unlabeled image is a pseudo-label.
        model_hash: names the semi-supervised weights.
        stopped: why training ended.
        details: more to remember.
        distances: of all images from the nearest labeled one, (N,).
    """
    everything = torch.arange(len(ssl))
    confidence, number = ssl[snapshot.unlabeled].max(1)
    sure = confidence.double() >= threshold  # as the store compares them
    return Outcome(
        labels=int((snapshot.y >= 0).sum()),
        predictions={
            "ssl": predictions(ssl, everything, snapshot, distances),
            # Of the baseline nobody asks how likely each class was: a third of what is stored
            "baseline": replace(predictions(baseline, everything, snapshot), probabilities=None),
        },
        pseudo_labels=int(sure.sum()),
        pseudo_ratio=int(sure.sum()) / len(sure) if len(sure) else 0.0,
        by_class=by_class(number, sure, [each.id for each in snapshot.classes]),
        model_hash=model_hash,
        stopped=stopped,
        details=replace(details, histogram=tuple(histogram(confidence))),
    )


def doubts(withheld: Withheld | None, snapshot: Snapshot) -> list[DoubtedLabel]:
    """The labels that are probably wrong, by learners from which they were kept."""
    if withheld is None:
        return []
    ids = [each.id for each in snapshot.classes]
    y = snapshot.y[withheld.rows].numpy()
    found = doubted(y, withheld.said.numpy())
    images = snapshot.index.ids[withheld.rows[found.rows].numpy()].tolist()
    labels, said = y[found.rows].tolist(), found.said.tolist()
    return [
        DoubtedLabel(image_id, ids[label], ids[instead], sure, own)
        for image_id, label, instead, sure, own in zip(
            images, labels, said, found.sure.tolist(), found.own.tolist(), strict=True
        )
    ]


def agreement(before: tuple[Ids, Ids], probabilities: Tensor, snapshot: Snapshot) -> float | None:
    """Cohen's kappa of this round's classes with those of the round before, by image.

    Args:
        before: the images of which that said something, rising, and the class of each, both (n,).
        probabilities: of all images, (N, C).
        snapshot: which images are there.
    """
    ids = np.array([each.id for each in snapshot.classes], np.int64)
    images, said = before
    known = snapshot.index.has(images)
    rows = snapshot.index.rows(images[known])
    return kappa(said[known], ids[probabilities.argmax(1).numpy()[rows]])


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
