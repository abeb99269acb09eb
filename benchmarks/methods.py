"""What each method makes of few labels: scikit-learn's 8 x 8 digits, test accuracy, three seeds.

`python benchmarks/methods.py [NAME …] [--labels 40] [--steps 300] [--seeds 3] [--threads 2]`; the
same small network, labels, views and steps for all. Below it stands the limit: every label known.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch
from sklearn.datasets import load_digits

from ssl_core.backbones import build
from ssl_core.data import ImageData
from ssl_core.methods import METHODS
from ssl_core.methods.mixmatch import MixMatch
from ssl_core.trainer import SemiSupervisedTrainer

TEST = 500  # images that nobody trains on
ROWS = {name: (name, {}) for name in METHODS} | {
    "mixmatch, small data": ("mixmatch", MixMatch.SMALL_DATA)
}


def accuracy(
    row: str, data: ImageData, truth: torch.Tensor, labels: int, steps: int, seed: int
) -> float:
    """Share of the test images that are right after `steps` with `labels` labels, drawn evenly."""
    method, options = ROWS[row]
    order = torch.randperm(len(truth), generator=torch.Generator().manual_seed(seed))
    test, rest = order[:TEST], order[TEST:]
    pool = torch.zeros(len(truth), dtype=torch.bool)
    pool[rest] = True
    y = torch.full_like(truth, -1)
    for c in range(10):
        known = rest[truth[rest] == c][: labels // 10]
        y[known] = c
    run = SemiSupervisedTrainer(
        build("small_cnn", 1, 10, seed=seed), method, options=options, steps=steps,
        batch_size=32, mu=3, device="cpu", seed=seed,
    ).run(data, y, pool)  # fmt: skip
    while True:
        try:
            next(run)
        except StopIteration as end:
            return (end.value(test).argmax(1) == truth[test]).float().mean().item()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *ROWS], default=[])
    parser.add_argument("--labels", type=int, default=40)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    pixels, target = load_digits(return_X_y=True)
    images = (pixels.reshape(-1, 1, 8, 8) * (255 / 16)).astype(np.uint8)
    data, truth = ImageData(images, "handwriting"), torch.from_numpy(target)

    def line(name: str, row: str, labels: int) -> None:
        start = time.perf_counter()
        found = [
            accuracy(row, data, truth, labels, chosen.steps, seed) for seed in range(chosen.seeds)
        ]
        seconds = (time.perf_counter() - start) / chosen.seeds
        each = ", ".join(f"{value:.3f}" for value in found)
        print(f"| {name} | {np.mean(found):.3f} | {each} | {seconds:.0f} |", flush=True)

    print(f"{chosen.labels} labels, {chosen.steps} steps, {TEST} test images\n")
    print("| method | accuracy | each seed | seconds a run |")
    print("|---|---|---|---|")
    for row in chosen.names or ROWS:
        line(row, row, chosen.labels)
    line("supervised, every label", "supervised", 10 * len(truth))


if __name__ == "__main__":
    main()
