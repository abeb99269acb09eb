"""Whether memory that runs out is noticed, mended by smaller pieces, and told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from annotator.rounds.features import Features
from cards.problems import CLASSES, files, images, some
from cards.speed import Size
from cards.table import Row, Rows
from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.memory import let_go
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted, finish

SHARE = 0.6  # of what it takes: so much is left to it


def peak(device: torch.device) -> int:
    """Bytes that were held at once since the last look."""
    found = torch.cuda.max_memory_reserved(device)
    let_go()
    torch.cuda.reset_peak_memory_stats(device)
    return found


@contextmanager
def limited(device: torch.device, room: int) -> Iterator[None]:
    """Let this process hold so many bytes of the card, so that more is refused by torch itself."""
    whole = torch.cuda.get_device_properties(device).total_memory
    let_go()
    torch.cuda.set_per_process_memory_fraction(min(1.0, room / whole), device)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)
        let_go()


@contextmanager
def refusing(encoder: type[torch.nn.Module], room: int) -> Iterator[None]:
    """On a CPU, which refuses too late: let the network refuse more than so many rows."""
    forward = encoder.forward

    def narrow(self: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
        if len(x) > room:
            raise torch.OutOfMemoryError("out of memory, as the benchmark plays it")
        found: torch.Tensor = forward(self, x)
        return found

    encoder.forward = narrow  # type: ignore[method-assign]
    try:
        yield
    finally:
        encoder.forward = forward  # type: ignore[method-assign]


def training(name: str, size: Size, device: torch.device) -> Rows:
    """A batch that does not fit: halved until it does, and the weights of the whole one."""
    pixels, truth = images(size.rows, size.side)
    rows = size.batch * (1 + 2 * size.mu)

    def train() -> list[str]:
        adapted = list[str]()
        run = SemiSupervisedTrainer(
            build(name, 3, CLASSES), "fixmatch", steps=size.times, batch_size=size.batch,
            mu=size.mu, epoch_steps=size.times, device=device.type,
        ).run(ImageData(pixels, "photo", device), some(truth))  # fmt: skip
        finish(run, lambda e: adapted.append(e.words) if isinstance(e, Adapted) else None)
        return adapted

    what = f"a batch of {rows} images of {size.side} through {name}"
    if device.type == "cuda":
        peak(device)
        train()
        took = peak(device)
        yield Row(f"{what}: memory", f"{took / 2**20:,.0f} MiB")
        with limited(device, int(SHARE * took)):
            told = train()
        what += f" with {SHARE:.0%} of that"
    else:
        with refusing(type(build(name, 3, CLASSES).encoder), rows // 2):
            told = train()
        what += " with room for half of it (played: there is no card)"
    yield Row(what, told[-1] if told else "nothing was told", "halved, and told", bool(told))


def embedding(size: Size, device: torch.device) -> Rows:
    """Images that do not fit at once are embedded in pieces."""
    with tempfile.TemporaryDirectory() as folder:
        paths = files(Path(folder) / "images", size.rows, size.side)

        def embed(name: str) -> str:
            features = Features(Path(folder) / name, paths, device)
            found = features.embeddings("multilevel_lite0", size.side, "photo")
            for _ in found.fill(("clean",)):
                pass
            return found.told

        what = f"embedding {size.rows:,} images of {size.side}"
        if device.type == "cuda":
            peak(device)
            embed("free")
            took = peak(device)
            yield Row(f"{what}: memory", f"{took / 2**20:,.0f} MiB")
            with limited(device, int(SHARE * took)):
                told = embed("limited")
            what += f" with {SHARE:.0%} of that"
        else:
            encoder = type(build("multilevel_lite0", 3, 2).encoder)
            with refusing(encoder, max(1, size.rows // 4)):
                told = embed("limited")
            what += " with room for a quarter of them (played: there is no card)"
    yield Row(what, told or "nothing was told", "halved, and told", bool(told))
