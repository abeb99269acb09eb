"""Small real workspaces: pictures of two or three easy kinds, in a folder of their own."""

import time
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from annotator.model import LabelEvent, Settings
from annotator.service import Service

KINDS = ("dark", "light", "striped")


def picture(kind: str, seed: int, side: int = 16) -> Picture.Image:
    """A noisy gray picture whose kind a small network learns from a few examples."""
    rng = np.random.default_rng(seed)
    level = {"dark": 60.0, "light": 190.0, "striped": 120.0}[kind]
    pixels = np.full((side, side), level) + rng.normal(0, 12, (side, side))
    if kind == "striped":
        pixels[:, :: 4 + seed % 2] += 80
    return Picture.fromarray(pixels.clip(0, 255).astype(np.uint8))


def source(folder: Path, n: int, kinds=KINDS[:2], side: int = 16) -> Path:
    """A folder of n pictures named so that the name says the kind; returns it."""
    folder.mkdir(parents=True)
    for number in range(n):
        kind = kinds[number % len(kinds)]
        picture(kind, number, side).save(folder / f"{number:03d} {kind}.png")
    return folder


def workspace(root: Path, n: int = 60, kinds=KINDS[:2], side: int = 16, **settings) -> Service:
    """A workspace with n pictures, no label, and no job waiting."""
    given = {"steps": 12, "round_every": 0, "preset": "handwriting", "test_share": 0.3} | settings
    service = Service.create(root, kinds, Settings(**given))
    service.import_source(source(root.parent / f"{root.name} source", n, kinds, side))
    job = service.active_job()
    if job:
        service.cancel(job.id)
    return service


def truth(name: str) -> str:
    return name.removesuffix(".png").split()[-1]


def event(service: Service, image, kind="label", *, seq: int, client="tab", name=None):
    """What a page would send for a key press on this image."""
    ids = {each.name: each.id for each in service.classes(removed=True)}
    class_id = ids[name or truth(image.name)] if kind == "label" else None
    return LabelEvent(client, seq, kind, image.id, image.sha256, class_id, time.time(), 0.5)


def answer(service: Service, n: int, client: str = "tab", first: int = 1) -> list:
    """Answer the next n questions truly; returns the images."""
    images = [each.image for each in service.lease(client, "anna", n)[:n]]
    events = [event(service, image, seq=first + i, client=client) for i, image in enumerate(images)]
    service.record(events, "anna")
    return images
