"""Workspaces for the browser: distinct small images, and finished rounds without any training."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image as Picture

from annotator.errors import AnnotatorError
from annotator.model import Image, LabelEvent, Settings
from annotator.service import Service
from tests.annotator import invented

CLASSES = ("red cell", "white cell", "platelet")


def workspace(
    root: Path,
    *,
    images: int,
    names: str = "cell {}.png",
    classes: tuple[str, ...] = CLASSES,
    **settings: Any,
) -> Path:
    """A workspace of `images` distinct pictures; nothing runs by itself."""
    source = root.parent / f"{root.name} source"
    source.mkdir(parents=True)
    for number in range(images):
        picture = Picture.new("RGB", (24, 24), (number % 256, number // 256, 128))
        picture.save(source / names.format(number))
    service = Service.create(
        root, classes, Settings(**{"round_every": 0, "least_look": 0} | settings)
    )
    assert service.import_source(source).added == images
    quiet(service)
    return root


def quiet(service: Service) -> None:
    """Cancel the look at new images, or a round: it takes time that no test here needs."""
    if job := service.active_job():
        service.cancel(job.id)


def idle(root: Path) -> None:
    """Cancel what its worker does, which would go on beside the tests to come: then it ends."""
    if (root / "workspace.json").exists():
        with suppress(AnnotatorError):  # a test may have broken it
            service = Service.open(root)
            quiet(service)
            service.close()


def label(service: Service, images: list[Image], client: str = "before") -> None:
    """Give image number n the class n modulo the number of classes."""
    classes = service.classes()
    for seq, image in enumerate(images, 1):
        chosen = classes[image.id % len(classes)].id
        event = LabelEvent(client, seq, "label", image.id, image.sha256, chosen, time.time(), 1.0)
        assert service.record([event], "anna").ack == {client: seq}


def finish_round(service: Service) -> None:
    """A round whose models guess, for pages to draw."""
    rng = random.Random(len(service.rounds()))
    classes = [each.name for each in service.classes()]

    def guess(image: Image) -> tuple[str, float]:
        return rng.choice(classes), rng.random()

    invented.finish_round(service, guess, guess)


def filled(root: Path) -> Path:
    """A workspace with labels, test labels and two finished rounds."""
    service = Service.open(workspace(root, images=90))
    images = service.images(limit=1000)
    label(service, images[:40])
    finish_round(service)
    finish_round(service)
    return root
