"""Finished rounds without any training: invented predictions, written as a worker writes them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from annotator.model import EpochPoint, Image, Model, Prediction, Round, RoundDetails
from annotator.service import Service
from annotator.store import Fence
from annotator.store.predicted.shares import packed
from annotator.store.results import Begun, Outcome
from tests.annotator.small import truth

MODELS: tuple[Model, ...] = ("baseline", "ssl")
BINS = 20  # of the histogram

Says = Callable[[Image], tuple[str, float]]  # the class and the confidence of one prediction


def truly(image: Image) -> tuple[str, float]:
    """The class in the image's name; the first images are the surest."""
    return truth(image.name), max(0.5, 1 - image.id / 1000)


def wrongly(image: Image) -> tuple[str, float]:
    """Always `dark`."""
    return "dark", 0.6


def begin(service: Service, threshold: float = 0.9, **details: Any) -> tuple[Fence, Round]:
    """A round that a worker named `test` has begun on the labels there are."""
    labels = service.store.labels
    service.store.jobs.add("round", {"watermark": labels.watermark()})
    job = service.store.jobs.claim("test")
    assert job
    fence = Fence(job.id, job.attempt)
    classes = tuple(each.id for each in service.classes())
    begun = Begun(
        method="fixmatch",
        regime="frozen",
        params={},
        labels=labels.count("pool"),
        watermark=labels.watermark(),
        seed=0,
        threshold=threshold,
        details=RoundDetails(classes, "small_cnn", 16, 10, "cpu", "mix", "photo", **details),
    )
    return fence, service.store.results.begin(fence, begun)


def finish_round(
    service: Service,
    says: Says = truly,
    baseline: Says = wrongly,
    *,
    threshold: float = 0.9,
    details: Mapping[str, Any] | None = None,
) -> Round:
    """A whole round: what its two models say of every image, and its loss curves."""
    fence, begun = begin(service, threshold, **(details or {}))
    for model in MODELS:
        for number in range(5):
            point = EpochPoint(model, number, 10 * number, 1 / (number + 1), 0.5, 0.2, 0.6, 0.0)
            service.store.results.epoch(fence, begun.number, point)
    with service.store.db.immediate():
        service.store.results.finish(begun.number, _outcome(service, begun, says, baseline))
        service.store.jobs.finish(fence, "done")
    return service.rounds()[-1]


def fail_round(service: Service, error: str = "the disk is full") -> None:
    """A round that began and ended in words."""
    fence, _ = begin(service)
    service.store.jobs.finish(fence, "failed", error)


def _shares(begun: Round, class_id: int, sure: float) -> bytes:
    """So much for one class of the round, and the rest for the others, in equal parts."""
    known = begun.details.classes
    others = (1 - sure) / max(1, len(known) - 1)
    return packed(np.array([[sure if each == class_id else others for each in known]]))[0]


def _outcome(service: Service, begun: Round, says: Says, baseline: Says) -> Outcome:
    ids = {each.name: each.id for each in service.classes(removed=True)}
    images = service.images(limit=-1)
    predictions = {
        model: [Prediction(each.id, ids[name], sure, 0.4, _shares(begun, ids[name], sure))
                for each in images for name, sure in [told(each)]]
        for model, told in zip(MODELS, (baseline, says), strict=True)
    }  # fmt: skip
    labeled = {each.image_id for each in service.store.labels.current()}
    pool = set(service.store.images.ids("pool")) - labeled
    open_ = [each for each in predictions["ssl"] if each.image_id in pool]
    sure = [each for each in open_ if each.confidence >= begun.threshold]
    bins = [min(BINS - 1, int(each.confidence * BINS)) for each in open_]
    return Outcome(
        labels=begun.labels,
        predictions=predictions,
        pseudo_labels=len(sure),
        pseudo_ratio=len(sure) / max(1, len(open_)),
        by_class={
            id_: (
                sum(each.class_id == id_ for each in open_),
                sum(each.class_id == id_ for each in sure),
            )
            for id_ in begun.details.classes
        },
        model_hash=f"{begun.number:016x}",
        stopped="done",
        details=replace(
            begun.details, histogram=tuple(bins.count(number) for number in range(BINS))
        ),
    )
