"""A workspace of many images without a file: made-up pixels, and embeddings of 512 numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.importing.found import Found
from annotator.model import LabelEvent, NewImage, Settings
from annotator.model.networks.backbones import OWN
from annotator.project import own
from annotator.project.rows import Rows
from annotator.service import Service

WIDE, SPANS, GROUPS, CLASSES = 512, 17, 200, 10
LABELS, MEASURED = 200, 200  # of pool images and of test images, at most
SIDE, COARSE = 32, 8  # pixels, and areas of one gray, a side
COPIED = 100  # every so many images one is the one before it, a little brighter
CHUNK = 16_384
NAME = "own"


def sha(number: int) -> str:
    """The name by which an image is known that has no content."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def group(n: int) -> NDArray[np.int64]:
    """Which group each of n images is of; the class is its last digit."""
    return np.random.default_rng(1).integers(GROUPS, size=n)


def found(n: int) -> Found:
    """What reading a source of n images would find."""
    made = Found()
    for number in range(n):
        name = sha(number)
        stored = f"images/{name[:2]}/{name}.png"
        made.add(NewImage(name, f"set/{number:07d}.png", stored, SIDE, SIDE, ""))
    return made


def empty(folder: Path) -> Service:
    """A workspace of ten classes whose rounds are frozen."""
    settings = Settings(regime="frozen", side=SIDE, round_every=0)
    return Service.create(folder, [f"class {each}" for each in range(CLASSES)], settings)


def fill(service: Service, n: int) -> None:
    """Write what importing and decoding would have left: pixels, colors and embeddings."""
    stored = [f"{sha(number)}.png" for number in range(n)]
    folder = service.workspace.features
    for path, shape, compute in (
        ("color.u8", (), lambda start, stop: np.zeros(stop - start)),
        (f"pixels-1x{SIDE}.u8", (1, SIDE, SIDE), _drawer(n)),
    ):
        for _ in Rows(folder / path, shape, "uint8", stored).fill(compute):
            pass
    own.save(service.workspace.own, NAME, dict(_vectors(n)))
    service.save_settings(replace(service.settings(), backbone=f"{OWN}{NAME}"))


def _drawer(n: int) -> Callable[[int, int], NDArray[np.uint8]]:
    """Draw smooth pictures, of a group like one another; of every hundred two are the same one."""
    rng, mine = np.random.default_rng(2), group(n)
    middle = rng.uniform(40, 200, (GROUPS, COARSE**2))
    spans = rng.standard_normal((GROUPS, SPANS, COARSE**2))

    def draw(start: int, stop: int) -> NDArray[np.uint8]:
        these = mine[start:stop].copy()
        steps = np.random.default_rng(start).standard_normal((stop - start, SPANS))
        copies = np.flatnonzero(np.arange(start, stop) % COPIED == COPIED - 1)
        these[copies], steps[copies] = these[copies - 1], steps[copies - 1]
        coarse = middle[these] + 8 * np.einsum("ns,nsd->nd", steps, spans[these])
        coarse[copies] += 8
        coarse = coarse.clip(0, 255).astype(np.uint8).reshape(-1, 1, COARSE, COARSE)
        wide = SIDE // COARSE
        return coarse.repeat(wide, axis=2).repeat(wide, axis=3)

    return draw


def _vectors(n: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Rows around the centers of groups, each group spread in a few directions of its own."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((GROUPS, WIDE), np.float32)
    spans = rng.standard_normal((GROUPS, SPANS, WIDE), np.float32)
    mine = group(n)
    for start in range(0, n, CHUNK):
        these = mine[start : start + CHUNK]
        steps = rng.standard_normal((len(these), SPANS), np.float32)
        rows = centers[these] + 0.6 * np.einsum("ns,nsd->nd", steps, spans[these], optimize=True)
        for place, row in enumerate(rows.astype(np.float16)):
            yield sha(start + place), row.astype(np.float32)


def label(service: Service, n: int) -> None:
    """Answer a few images of the pool, and a few that measure, with their true classes."""
    queue = service.store.queue
    chosen = queue.unasked("pool", LABELS) + queue.unasked("test", MEASURED)
    ids = [each.id for each in service.classes()]
    images, true = service.store.images.many(chosen), group(n) % CLASSES
    service.record(
        [
            LabelEvent("bench", place, "label", i, images[i].sha256, ids[true[i - 1]], place, 1.0)
            for place, i in enumerate(chosen, 1)
        ],
        "bench",
    )
