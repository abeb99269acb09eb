"""Pixels and embeddings of all images, computed once and kept in memory-mapped files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from annotator.imaging import pixels
from annotator.project import private
from annotator.project.files import replacing
from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import preset
from ssl_core.fingerprint import state_hash
from ssl_core.types import Classifier

Array = NDArray[Any]
CHUNK = 256  # images computed, written and remembered at once
VIEWS = ("clean", "weak", "strong", "strong2")  # the copies of each image that are embedded


class Rows:
    """One row an image in one file; it grows with the images and knows how far it is filled."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: str) -> None:
        self.path, self.shape, self.dtype = path, shape, np.dtype(dtype)
        self._note = path.with_suffix(".json")

    @property
    def filled(self) -> int:
        """Rows that are on disk for good."""
        return int(json.loads(self._note.read_text())["rows"]) if self._note.exists() else 0

    def fill(self, n: int, compute: Callable[[int, int], Array]) -> Iterator[int]:
        """Compute rows `filled` to n in chunks; yield how many are there after each.

        What a killed process had written of an unfinished chunk is computed again.
        """
        self.path.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        row_bytes = int(np.prod(self.shape)) * self.dtype.itemsize
        start = self.filled
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            while start < n:
                stop = min(start + CHUNK, n)
                file.seek(start * row_bytes)
                file.write(np.ascontiguousarray(compute(start, stop), self.dtype).tobytes())
                file.flush()
                os.fsync(file.fileno())
                self._remember(stop)
                start = stop
                yield start

    def _remember(self, rows: int) -> None:
        with replacing(self._note) as file:  # another worker may fill it as well
            file.write(json.dumps({"rows": rows}).encode())

    def read(self, n: int) -> Array:
        """The first n rows, (n, *shape), without loading them."""
        return np.memmap(self.path, self.dtype, "r", shape=(n, *self.shape))


class Features:
    """The caches of one workspace. Image number i (from 0) is row i of every one of them."""

    def __init__(self, folder: Path, files: Sequence[Path], device: torch.device) -> None:
        self.folder, self.files, self.device = folder, files, device
        self.channels = channels(folder, files)

    def pixels(self, size: int) -> Rows:
        """Decoded images (channels, size, size) uint8."""
        return Rows(
            self.folder / f"pixels-{self.channels}x{size}.u8",
            (self.channels, size, size),
            "uint8",
        )

    def fill_pixels(self, size: int) -> Iterator[float]:
        """Decode what is not decoded yet; yield the share that is done.

        Raises:
            WorkspaceError: an image is gone or damaged.
        """
        n = len(self.files)

        def decode(start: int, stop: int) -> Array:
            found = pixels.load_many(self.files[start:stop], size, self.channels)
            return np.concatenate(list(found))

        for done in self.pixels(size).fill(n, decode):
            yield done / n

    def embeddings(self, backbone: str, size: int, augmentation: str) -> Embeddings:
        """The embeddings of all images by a pretrained backbone, clean and in random views."""
        return Embeddings(self, backbone, size, augmentation)


class Embeddings:
    """What a pretrained network makes of every image and of its weak and strong views (fp16)."""

    def __init__(self, features: Features, backbone: str, size: int, augmentation: str) -> None:
        self.features, self.size = features, size
        self.preset = preset(augmentation)
        trained = build(backbone, features.channels, 2)
        self.model: Classifier = folded(trained).to(features.device)
        # A backbone that changes, or another augmentation, is another file
        identity = f"{state_hash(trained.encoder)}-{size}-{features.channels}"
        self._clean = features.folder / f"{backbone}-{identity}"
        mark = hashlib.blake2b(repr(self.preset).encode(), digest_size=4).hexdigest()
        self._augmented = features.folder / f"{backbone}-{identity}-{augmentation}-{mark}"

    def rows(self, view: str) -> Rows:
        folder = self._clean if view == "clean" else self._augmented
        return Rows(folder / f"{view}.f16", (self.model.num_features,), "float16")

    def fill(self, views: Sequence[str] = VIEWS) -> Iterator[float]:
        """Decode and embed what is missing; yield the share that is done.

        Raises:
            WorkspaceError: an image is gone or damaged.
        """
        for share in self.features.fill_pixels(self.size):
            yield share * 0.1
        n = len(self.features.files)
        images = self.features.pixels(self.size).read(n)
        for number, view in enumerate(views):
            for done in self.rows(view).fill(n, self._embedder(view, images)):
                yield 0.1 + 0.9 * (number + done / n) / len(views)

    def _embedder(self, view: str, images: Array) -> Callable[[int, int], Array]:
        @torch.inference_mode()
        def compute(start: int, stop: int) -> Array:
            batch = torch.from_numpy(images[start:stop].copy()).to(self.features.device)
            seen = self._view(view, batch.float().div_(255), start)
            with torch.autocast(
                self.features.device.type, enabled=self.features.device.type != "cpu"
            ):
                found: Tensor = self.model.encode(seen)
            return found.half().cpu().numpy()

        return compute

    def _view(self, view: str, images: Tensor, start: int) -> Tensor:
        if view == "clean":
            return images
        seed = int.from_bytes(hashlib.blake2b(f"{view}:{start}".encode(), digest_size=6).digest())
        generator = Generator(images.device).manual_seed(seed)
        change = weak if view.startswith("weak") else strong
        return change(images, self.preset, generator)

    def read(self, view: str) -> Array:
        """(N, D) fp16, memory-mapped."""
        return self.rows(view).read(len(self.features.files))


def channels(folder: Path, files: Sequence[Path]) -> pixels.Channels:
    """3 if any image has color, else 1; each image is looked at once, and that is remembered.

    The same files always give the same answer, whatever has come after them since.

    Args:
        folder: of the caches; it keeps how many images were looked at, and the first with color.
        files: of the images, in the order of the rows.

    Raises:
        WorkspaceError: an image is gone or damaged.
    """
    note = folder / "color.json"
    saved: dict[str, Any] = {"images": 0, "first": None}
    if note.exists():
        saved = json.loads(note.read_text())
    seen: int = saved["images"]
    first: int | None = saved["first"]
    if first is None and seen < len(files):
        found = pixels.first_in_color(files[seen:])
        first = None if found is None else seen + found
        folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
        with replacing(note) as file:
            file.write(json.dumps({"images": len(files), "first": first}).encode())
    return 3 if first is not None and first < len(files) else 1


def thumbnails(images: Array, side: int = 14) -> Array:
    """Shrink pixels (N, C, S, S) to unit vectors (N, C * side * side) float32.

    They stand in for embeddings where images are tiny: on 28 x 28 digits neighbors by pixels
    are better ones than neighbors by ImageNet features.
    """
    parts = []
    for start in range(0, len(images), CHUNK):
        batch = torch.from_numpy(images[start : start + CHUNK].copy()).float()
        small = torch.nn.functional.adaptive_avg_pool2d(batch, side).flatten(1)
        parts.append(torch.nn.functional.normalize(small).numpy())
    return np.concatenate(parts)
