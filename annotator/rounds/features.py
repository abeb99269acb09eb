"""Pixels and embeddings of all images, computed once and kept in memory-mapped files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from operator import add
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from annotator.imaging import pixels
from annotator.model.columns.texts import Texts
from annotator.model.networks.backbones import own_name
from annotator.model.networks.executors import LOCAL
from annotator.project.rows import CHUNK, Array, Rows
from annotator.project.stored import names, suffixes
from annotator.rounds.elsewhere.embedded import Clustered
from annotator.rounds.elsewhere.order import Order
from annotator.rounds.elsewhere.work import seen
from annotator.rounds.own.imported import Imported
from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.presets import preset
from ssl_core.fingerprint import state_hash
from ssl_core.memory import Pieces, few
from ssl_core.types import Classifier

SHORT = 60  # characters of a backbone in the name of a folder
VIEWS = ("clean", "weak", "strong", "strong2")  # the copies of each image that are embedded


class Features:
    """The caches of one workspace. Image number i (from 0) is row i of every one of them."""

    def __init__(
        self,
        folder: Path,
        files: Sequence[Path],
        device: torch.device,
        own: Path | None = None,
        hashes: Sequence[str] = (),
        executor: str = LOCAL,
    ) -> None:
        self.folder, self.files, self.device = folder, files, device
        self.executor = executor
        self.own = own or folder.parent / "own"  # where imported embeddings lie
        self.names = names(files)
        # A document has imported embeddings by its own hash, not by that of its face
        self.known_as = Texts(map(add, hashes or (path.stem for path in files), suffixes(files)))
        self.channels = channels(folder, files)
        self._networks: dict[tuple[str, int, str], Embeddings] = {}

    def pixels(self, size: int) -> Rows:
        """Decoded images (channels, size, size) uint8."""
        return Rows(
            self.folder / f"pixels-{self.channels}x{size}.u8",
            (self.channels, size, size),
            "uint8",
            self.names,
        )

    def fill_pixels(self, size: int) -> Iterator[float]:
        """Decode what is not decoded yet; yield how much of that is done, 0 to 1.

        Raises:
            WorkspaceError: an image is gone or damaged.
        """

        def decode(start: int, stop: int) -> Array:
            found = pixels.load_many(self.files[start:stop], size, self.channels)
            return np.concatenate(list(found))

        yield from shares([self.pixels(size).fill(decode)], len(self.files))

    def embeddings(self, backbone: str, size: int, augmentation: str) -> Embedded:
        """The embeddings of all images by a pretrained backbone, clean and in random views.

        Raises:
            RoundError: they were imported, and some image has none.
            WorkspaceError: what was imported is damaged.
        """
        fill = partial(self.fill_pixels, size)
        if name := own_name(backbone):
            return Imported(name, self.own, self.folder, self.known_as, fill)
        wanted = backbone, size, augmentation
        if wanted not in self._networks:
            self._networks[wanted] = Embeddings(self, *wanted)
        here = self._networks[wanted]
        if self.executor == LOCAL:
            return here
        order = self.order(backbone, size, augmentation)
        return Clustered(here, order, fill, self.folder / "elsewhere")

    def order(self, backbone: str, size: int, augmentation: str) -> Order:
        """What a cluster is told of these images and a network, but for what it is to make."""
        return Order(
            executor=self.executor,
            backbone=backbone,
            channels=self.channels,
            size=size,
            preset=augmentation,
            pixels=str(self.pixels(size).path),
            rows=len(self.files),
            shards=(),
        )


class Embedded(Protocol):
    """Rows of what stands for each image, and for each of its views.

    `told` says what was not done as asked while they were filled; empty if all was.
    """

    @property
    def told(self) -> str: ...

    @property
    def reading(self) -> float:
        """Share of `fill` at which the images are read."""
        ...

    def rows(self, view: str) -> Rows: ...

    def fill(self, views: Sequence[str]) -> Iterator[float]: ...

    def read(self, view: str) -> Array: ...


class Embeddings:
    """What a pretrained network makes of every image and of its weak and strong views (fp16)."""

    reading = 0.1

    def __init__(self, features: Features, backbone: str, size: int, augmentation: str) -> None:
        self.features, self.size = features, size
        self.preset = preset(augmentation)
        self.trained = build(backbone, features.channels, 2)
        self.pieces = Pieces(few(CHUNK, (features.channels, size, size), features.device))
        # A backbone that changes, or another augmentation, is another file; and so is what a card
        # computes, in half precision and with draws of its own
        identity = f"{state_hash(self.trained.encoder)}-{size}-{features.channels}"
        identity += "" if features.device.type == "cpu" else f"-{features.device.type}-float16"
        short = re.sub(r"[^\w.-]+", "-", backbone)[-SHORT:]  # it may be a path
        self._clean = features.folder / f"{short}-{identity}"
        mark = hashlib.blake2b(repr(self.preset).encode(), digest_size=4).hexdigest()
        self._augmented = features.folder / f"{short}-{identity}-{augmentation}-{mark}"

    @cached_property
    def model(self) -> Classifier:
        """The network as it computes: made only where something is missing."""
        return folded(self.trained).to(self.features.device)

    def rows(self, view: str) -> Rows:
        folder = self._clean if view == "clean" else self._augmented
        return Rows(
            folder / f"{view}.f16", (self.trained.num_features,), "float16", self.features.names
        )

    def fill(self, views: Sequence[str] = VIEWS) -> Iterator[float]:
        """Decode and embed what is missing; yield how much of that is done, 0 to 1.

        Raises:
            WorkspaceError: an image is gone or damaged.
        """
        for share in self.features.fill_pixels(self.size):
            yield share * self.reading
        images = self.features.pixels(self.size).read()
        fills = [self.rows(view).fill(self._embedder(view, images)) for view in views]
        for share in shares(fills, len(self.features.files)):
            yield self.reading + (1 - self.reading) * share
        self.__dict__.pop("model", None)  # its memory is free for what learns from the rows

    def _embedder(self, view: str, images: Array) -> Callable[[int, int], Array]:
        def compute(start: int, stop: int) -> Array:
            batch = torch.from_numpy(images[start:stop].copy()).to(self.features.device)
            shown = seen(view, batch.float().div_(255), start, self.preset)
            return self.pieces(self._encode, shown).numpy()

        return compute

    @property
    def told(self) -> str:
        """What was not done as asked, in words."""
        return self.pieces.told

    @torch.inference_mode()
    def _encode(self, images: Tensor) -> Tensor:
        """Return what the network makes of images (n, C, S, S): (n, D) fp16 on the CPU."""
        half = self.features.device.type != "cpu"
        with torch.autocast(self.features.device.type, torch.float16, enabled=half):
            found: Tensor = self.model.encode(images)
        if half and not found.isfinite().all():  # what float16 does not hold on its way
            found = self.model.encode(images)
        return found.half().cpu()

    def read(self, view: str) -> Array:
        """(N, D) fp16, memory-mapped."""
        return self.rows(view).read()


def shares(fills: Sequence[Iterator[int]], n: int) -> Iterator[float]:
    """Fill caches of `n` rows one after the other; yield how much of what was missing is done."""
    there = [next(each) for each in fills]
    missing, done = n * len(fills) - sum(there), 0
    yield 0.0 if missing else 1.0
    for start, each in zip(there, fills, strict=True):
        for rows in each:
            yield (done + rows - start) / missing
        done += n - start


def look(folder: Path, files: Sequence[Path]) -> Iterator[float]:
    """Look at each image once, whether it carries color, up to the first that does.

    Yields the share of them that is done.

    Raises:
        WorkspaceError: an image is gone or damaged.
    """
    colors = _colors(folder, files)
    known = colors.filled
    if known and colors.read(known).any():
        return

    def colored(start: int, stop: int) -> Array:
        return ~np.array(pixels.all_gray(files[start:stop]))

    for done in colors.fill(colored):
        yield done / max(1, len(files))
        if done > known and colors.read(done)[known:].any():
            return
        known = done


def uncolored(folder: Path, files: Sequence[Path]) -> int:
    """About how many images nobody has looked at for color."""
    return _colors(folder, files).lacking


def channels(folder: Path, files: Sequence[Path]) -> pixels.Channels:
    """3 if any image has color, else 1: a property of these images, not of a sample of them.

    The same files always give the same answer, whatever has come after them since.

    Args:
        folder: of the caches; it keeps what each image was found to be.
        files: of the images, in the order of the rows.

    Raises:
        WorkspaceError: an image is gone or damaged.
    """
    for _ in look(folder, files):
        pass
    colors = _colors(folder, files)
    known = colors.filled
    return 3 if known and colors.read(known).any() else 1


def _colors(folder: Path, files: Sequence[Path]) -> Rows:
    return Rows(folder / "color.u8", (), "uint8", names(files))


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
