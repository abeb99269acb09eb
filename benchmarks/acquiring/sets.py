"""The sets that policies are compared on: features, classes, and a split that leaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sets
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

COMPONENTS = 50  # of the principal ones, so that a thousand fits take minutes
TEST = 0.3
FOLDERS = {
    "blood cells": "blood_cells_bccd", "five scripts": "handwriting_omniglot5",
    "brain MRI": "brain_mri4", "pneumonia": "pneumonia_28",
}  # fmt: skip
UNEVEN = ("pneumonia",)  # by itself: there is no imbalanced form of it
RARE = 15  # a rare class keeps one row of so many


@dataclass(frozen=True)
class Rows:
    """Features (n, D) float32, classes (n,), and whose each row is (n,): groups are never split."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    group: NDArray[np.int64]
    images: sets.Set | None = None  # what the features are of, where a network made them


@dataclass(frozen=True)
class Split:
    """What may be asked about, and what measures."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    test_x: NDArray[np.float32]
    test_y: NDArray[np.int64]
    classes: int
    rows: tuple[NDArray[np.int64], NDArray[np.int64]]  # numbers of the pool's and the test's
    images: sets.Set | None


def digits() -> Rows:
    """1,797 digits of 8 x 8 pixels, as they come with scikit-learn."""
    pixels, y = load_digits(return_X_y=True)
    return Rows((pixels / 16).astype(np.float32), y, np.arange(len(y)))


def embedded(name: str, data: Path) -> Rows:
    """Images as a round's frozen network sees them; a photograph, or a drawer, is never split."""
    found = sets.load(name, data)
    assert found is not None  # only what is there is asked for
    return Rows(_principal(found.view("clean")), found.y, found.groups, found)


def available(data: Path) -> dict[str, Callable[[], Rows]]:
    """The sets by name; those of `data` only where it is."""
    found: dict[str, Callable[[], Rows]] = {
        "digits": digits,
        "digits, embedded": lambda: embedded("digits", data),
        "demo digits": lambda: embedded("demo", data),
    }
    for name, folder in FOLDERS.items():
        if (data / folder).exists():
            found[name] = lambda name=name: embedded(name, data)
    return found


def split(rows: Rows, seed: int, *, rare: bool) -> Split:
    """Split by `seed`, test first; with `rare`, keep 1/15 of half of the classes in the pool."""
    rng = np.random.default_rng(seed)
    classes = int(rows.y.max()) + 1
    shuffled = rng.permutation(np.unique(rows.group))
    test = np.isin(rows.group, shuffled[: int(TEST * len(shuffled))])
    pool = np.flatnonzero(~test)
    if rare:
        few = rng.permutation(classes)[: classes // 2]
        kept = ~np.isin(rows.y[pool], few) | (rng.random(len(pool)) < 1 / RARE)
        for c in few:  # two at least, or there is nothing to find
            kept[np.flatnonzero(rows.y[pool] == c)[:2]] = True
        pool = pool[kept]
    x, y = rows.x, rows.y
    both = pool, np.flatnonzero(test)
    return Split(x[pool], y[pool], x[test], y[test], classes, both, rows.images)


def _principal(x: NDArray[np.floating]) -> NDArray[np.float32]:
    """The first components of all rows, no label seen, the first of unit variance."""
    found = PCA(COMPONENTS, random_state=0).fit_transform(x.astype(np.float32))
    return (found / found[:, 0].std()).astype(np.float32)
