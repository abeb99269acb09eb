"""How fast images become features: through the cache, by the bare backbone, by a torchvision peer.

`python benchmarks/embedding.py [--images 512] [--threads 2]`. "Cached" is what a workspace does:
read decoded pixels from their file, embed, and write fp16 rows to disk for good; it must reach 0.9
of the bare backbone, which passes over ready tensors in memory. torchvision's MobileNetV2 is a
network of like size (0.30 against 0.39 billion multiplications at 224 pixels), untrained.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.models import mobilenet_v2

from annotator.rounds.features import Features
from ssl_core.backbones.efficientnet import imagenet
from ssl_core.backbones.fold import folded

SIZES = (64, 96, 128, 224)
CHUNK = 256


@torch.inference_mode()
def speed(encoder: nn.Module, images: torch.Tensor) -> float:
    """Images a second of one pass, in chunks."""
    start = time.perf_counter()
    for chunk in images.split(CHUNK):
        encoder(chunk)
    return len(images) / (time.perf_counter() - start)


def cached_speed(files: list[Path], size: int) -> float:
    """Images a second of a workspace that embeds decoded images for the first time."""
    with tempfile.TemporaryDirectory() as folder:
        features = Features(Path(folder), files, torch.device("cpu"))
        for _ in features.fill_pixels(size):
            pass
        embeddings = features.embeddings("multilevel_lite0", size, "photo")
        start = time.perf_counter()
        for _ in embeddings.fill(("clean",)):
            pass
        return len(files) / (time.perf_counter() - start)


def pictures(folder: Path, n: int) -> list[Path]:
    """N noisy color images on disk."""
    rng = np.random.default_rng(0)
    files = [folder / f"{number}.png" for number in range(n)]
    for file in files:
        Image.fromarray(rng.integers(0, 256, (96, 96, 3), dtype=np.uint8)).save(file)
    return files


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    plain = imagenet(0)
    peer = mobilenet_v2(weights=None).features.to(memory_format=torch.channels_last).eval()
    encoders = [plain.encoder, folded(plain).encoder, peer]
    print(f"Images a second, {chosen.threads} threads, median of {chosen.rounds}\n")
    print("| size | cached | bare Lite0 | cached / bare | bare, norms folded | MobileNetV2 |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        files = pictures(Path(folder), chosen.images)
        for size in SIZES:
            images = torch.rand(chosen.images, 3, size, size)
            images = images.contiguous(memory_format=torch.channels_last)
            for encoder in encoders:
                speed(encoder, images[:CHUNK])  # the first pass also chooses kernels
            rounds = [
                [cached_speed(files, size), *(speed(encoder, images) for encoder in encoders)]
                for _ in range(chosen.rounds)
            ]
            cached, *bare = (statistics.median(column) for column in zip(*rounds, strict=True))
            ratio = statistics.median(row[0] / row[1] for row in rounds)
            print(
                f"| {size} | {cached:.0f} | {bare[0]:.0f} | {ratio:.2f} | {bare[1]:.0f} "
                f"| {bare[2]:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
