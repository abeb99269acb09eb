"""What a training step costs: the trainer beside a bare loop written by hand, interleaved.

`python benchmarks/step.py [--rounds 9] [--threads 2]`; network, batch and augmentation are alike.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ssl_core.backbones import build
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import preset
from ssl_core.data.sources import ImageData
from ssl_core.training.trainer import SemiSupervisedTrainer

STEPS = 20  # an epoch: what is timed at once
BATCH, MU = 32, 3
ROWS, KNOWN, CLASSES = 2_000, 80, 10


def bare_loop(pixels: np.ndarray, y: torch.Tensor) -> Iterator[None]:
    """FixMatch in one function, without anything the trainer adds; yields after each epoch."""
    student = build("small_cnn", 1, CLASSES).to(memory_format=torch.channels_last).train()
    teacher = deepcopy(student).requires_grad_(False).eval()
    pairs = list(zip(teacher.parameters(), student.parameters(), strict=True))
    optimizer = torch.optim.SGD(student.parameters(), lr=0.03, momentum=0.9, nesterov=True)
    generator, look = torch.Generator().manual_seed(0), preset("handwriting")
    labeled, unlabeled = (y >= 0).nonzero().squeeze(1), (y < 0).nonzero().squeeze(1)

    def pick(rows: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        chosen = rows[torch.randint(len(rows), (count,), generator=generator)]
        return chosen, torch.from_numpy(pixels[chosen.numpy()]).float().div_(255)

    while True:
        for _ in range(STEPS):
            rows, x = pick(labeled, BATCH)
            _, u = pick(unlabeled, MU * BATCH)
            views = [weak(x, look, generator), weak(u, look, generator)]
            views.append(strong(u, look, generator))
            batch = torch.cat(views).contiguous(memory_format=torch.channels_last)
            logits, sure, hard = student(batch).split([len(view) for view in views])
            confidence, label = sure.detach().softmax(1).max(1)
            mask = (confidence >= 0.95).float()
            taught = (F.cross_entropy(hard, label, reduction="none") * mask).mean()
            loss = F.cross_entropy(logits, y[rows]) + taught
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                for slow, fast in pairs:
                    slow.lerp_(fast, 0.01)
        yield


def trainer(pixels: np.ndarray, y: torch.Tensor, file: Path | None) -> Iterator[object]:
    """The product's loop, with a checkpoint at every epoch if there is a file."""
    return SemiSupervisedTrainer(
        build("small_cnn", 1, CLASSES), "fixmatch", steps=1_000_000, batch_size=BATCH, mu=MU,
        epoch_steps=STEPS, device="cpu", checkpoint=file,
    ).run(ImageData(pixels, "handwriting"), y)  # fmt: skip


def milliseconds(advance: Callable[[], object]) -> float:
    """One epoch's time a step."""
    start = time.perf_counter()
    advance()
    return (time.perf_counter() - start) / STEPS * 1e3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    pixels = np.random.default_rng(0).integers(0, 256, (ROWS, 1, 28, 28), dtype=np.uint8)
    y = torch.where(torch.arange(ROWS) < KNOWN, torch.arange(ROWS) % CLASSES, -1)
    with tempfile.TemporaryDirectory() as folder:
        loops = {
            "bare loop": bare_loop(pixels, y),
            "trainer": trainer(pixels, y, None),
            "trainer, with checkpoints": trainer(pixels, y, Path(folder) / "step.pt"),
        }
        times: dict[str, list[float]] = {name: [] for name in loops}
        for loop in loops.values():
            next(loop)  # warm caches are not what is measured
        for number in range(chosen.rounds):
            # Who goes first changes, so that a drift of the machine hits all alike
            names = list(loops)[number % 3 :] + list(loops)[: number % 3]
            for name in names:
                times[name].append(milliseconds(lambda loop=loops[name]: next(loop)))
    print(f"FixMatch, {BATCH} + 2 x {MU * BATCH} images of 28 x 28, {chosen.threads} threads\n")
    print("| loop | ms a step (median) | fastest | ratio to bare (median of pairs) |")
    print("|---|---|---|---|")
    for name, values in times.items():
        ratios = [value / bare for value, bare in zip(values, times["bare loop"], strict=True)]
        print(
            f"| {name} | {statistics.median(values):.1f} | {min(values):.1f} "
            f"| {statistics.median(ratios):.3f} |"
        )


if __name__ == "__main__":
    main()
