"""Workspaces for the browser: distinct small images, and finished rounds without any training."""

from __future__ import annotations

import random
import time
from pathlib import Path

from PIL import Image as Picture

from annotator.model import EpochPoint, Image, LabelEvent, Model, Prediction, Settings
from annotator.service import Service
from annotator.store.jobs import Fence
from annotator.store.results import Outcome

CLASSES = ("red cell", "white cell", "platelet")


def workspace(
    root: Path, *, images: int, names: str = "cell {}.png", classes: tuple[str, ...] = CLASSES
) -> Path:
    """A workspace of `images` distinct pictures; nothing runs by itself."""
    source = root.parent / f"{root.name} source"
    source.mkdir(parents=True)
    for number in range(images):
        picture = Picture.new("RGB", (24, 24), (number % 256, number // 256, 128))
        picture.save(source / names.format(number))
    service = Service.create(root, classes, Settings(round_every=0))
    assert service.import_source(source).added == images
    job = service.active_job()
    if job:  # looking at the images needs a network's weights, and no test here needs the job
        service.cancel(job.id)
    return root


def label(service: Service, images: list[Image], client: str = "before") -> None:
    """Give image number n the class n modulo the number of classes."""
    classes = service.classes()
    for seq, image in enumerate(images, 1):
        chosen = classes[image.id % len(classes)].id
        event = LabelEvent(client, seq, "label", image.id, image.sha256, chosen, time.time(), 1.0)
        assert service.record([event], "anna").ack == {client: seq}


def finish_round(service: Service, labels: int) -> None:
    """Write a round as a worker would, with invented predictions."""
    rng = random.Random(labels)
    classes, images = service.classes(), service.images(limit=10_000)
    service.store.jobs.add("round", {"method": "fixmatch", "regime": "frozen", "params": {}})
    job = service.store.jobs.claim("test")
    assert job
    fence = Fence(job.id, job.attempt)
    fields = {"method": "fixmatch", "regime": "frozen", "params": {}, "labels": labels, "seed": 0}
    fields |= {"watermark": service.store.labels.watermark(), "threshold": 0.9, "details": {}}
    begun = service.store.results.begin(fence, fields)
    models: tuple[Model, ...] = ("baseline", "ssl")
    for model in models:
        for epoch in range(5):
            point = EpochPoint(
                model, epoch, epoch * 10, 1 / (epoch + 1), 0.5, 0.2, 0.6, time.time()
            )
            service.store.results.epoch(fence, begun.id, point)
    predictions = {
        model: [Prediction(each.id, rng.choice(classes).id, rng.random(), 0.4) for each in images]
        for model in models
    }
    histogram = [0] * 20
    for each in predictions["ssl"]:
        histogram[int(each.confidence * 20)] += 1
    sure = sum(each.confidence >= 0.9 for each in predictions["ssl"])
    by_class = {each.id: (len(images) // 3, sure // 3) for each in classes}
    outcome = Outcome(
        predictions, sure, sure / len(images), by_class, "a1", "done", {"histogram": histogram}
    )
    with service.store.db.immediate():
        service.store.results.finish(begun.id, outcome)
        service.store.jobs.finish(fence, "done")


def filled(root: Path) -> Path:
    """A workspace with labels, test labels and two finished rounds."""
    service = Service.open(workspace(root, images=90))
    images = service.images(limit=1000)
    label(service, images[:40])
    finish_round(service, 20)
    finish_round(service, 40)
    return root
