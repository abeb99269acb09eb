"""What a network makes of a piece of rows, here as on a node."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from inspect import getfile
from pathlib import Path
from typing import Protocol

import torch
from torch import Generator, Tensor

from annotator.project.rows import Array
from annotator.rounds.elsewhere.order import Order
from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import Preset, preset
from ssl_core.data.sources import ImageData
from ssl_core.fingerprint import state_hash
from ssl_core.memory import few
from ssl_core.types import Classifier


class Work(Protocol):
    """What a node is given once, and then does shard after shard."""

    def on(self, device: torch.device) -> None:
        """Move to the device on which it computes."""
        ...

    def __call__(self, kind: str, start: int, images: Array) -> Array:
        """Make rows (n, D) of images (n, C, S, S) uint8, the first of which is number `start`."""
        ...


class Embed:
    """A frozen network and the views in which it sees: `kind` is one of them."""

    def __init__(self, model: Classifier, augmentation: Preset) -> None:
        self.model, self.preset = model, augmentation
        self.device = torch.device("cpu")

    def on(self, device: torch.device) -> None:
        self.device = device
        self.model.to(device)

    @torch.inference_mode()
    def __call__(self, kind: str, start: int, images: Array) -> Array:
        batch = torch.from_numpy(images.copy()).to(self.device).float().div_(255)
        shown = seen(kind, batch, start, self.preset)
        parts = shown.split(few(len(images), images.shape[1:], self.device))
        return torch.cat([self.model.encode(part) for part in parts]).half().cpu().numpy()


class Predict:
    """Trained networks by name, of which `kind` is one; a row is its features, then its logits."""

    def __init__(self, models: Mapping[str, Classifier], augmentation: Preset) -> None:
        self.models, self.preset = models, augmentation
        self.device = torch.device("cpu")

    def on(self, device: torch.device) -> None:
        self.device = device
        for model in self.models.values():
            model.to(device).eval()

    @torch.inference_mode()
    def __call__(self, kind: str, start: int, images: Array) -> Array:
        del start
        data, model = ImageData(images, self.preset, self.device), self.models[kind]
        parts = torch.arange(len(images)).split(few(len(images), images.shape[1:], self.device))
        features = torch.cat([model.encode(data.clean(part)) for part in parts])
        return torch.cat([features.float(), model.head(features).float()], 1).cpu().numpy()


def seen(view: str, images: Tensor, start: int, augmentation: Preset) -> Tensor:
    """Return images (n, C, S, S) in a view; chance is seeded by the view and the first row."""
    if view == "clean":
        return images
    seed = int.from_bytes(hashlib.blake2b(f"{view}:{start}".encode(), digest_size=6).digest())
    generator = Generator(images.device).manual_seed(seed)
    change = weak if view.startswith("weak") else strong
    return change(images, augmentation, generator)


def wanted(order: Order) -> Work:
    """The work of an order, on the CPU.

    Raises:
        SSLError: there is no such network here.
        OSError: a file of weights is gone.
    """
    if not order.weights:
        return Embed(folded(build(order.backbone, order.channels, 2)), preset(order.preset))
    models = {}
    for kind, file in order.weights:
        models[kind] = build(order.backbone, order.channels, order.classes)
        models[kind].load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    return Predict(models, preset(order.preset))


def version() -> str:
    """Digits that name the code that makes rows: nodes with other code might make other rows."""
    sums = hashlib.blake2b(digest_size=6)
    for folder in (Path(getfile(state_hash)).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            sums.update(path.read_bytes())
    return sums.hexdigest()
