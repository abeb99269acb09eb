"""How fast images become features: EfficientNet-Lite0 at several sizes, beside a plain torchvision.

`python benchmarks/embedding.py [--images 128] [--threads 2]`; torchvision's MobileNetV2 is a
network of like size (0.30 against 0.39 billion multiplications at 224 pixels), untrained.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from torch import nn
from torchvision.models import mobilenet_v2

from ssl_core.backbones.efficientnet import imagenet_lite0
from ssl_core.backbones.fold import folded

SIZES = (64, 96, 128, 224)
CHUNK = 64


@torch.inference_mode()
def speed(encoder: nn.Module, images: torch.Tensor) -> float:
    """Images a second of one pass, in chunks."""
    start = time.perf_counter()
    for chunk in images.split(CHUNK):
        encoder(chunk)
    return len(images) / (time.perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    plain = imagenet_lite0()
    peer = mobilenet_v2(weights=None).features.to(memory_format=torch.channels_last).eval()
    print(f"Images a second, {chosen.threads} threads, median of {chosen.rounds}\n")
    encoders = [folded(plain).encoder, plain.encoder, peer]
    print("| size | Lite0, norms folded | Lite0 | MobileNetV2 (torchvision) |")
    print("|---|---|---|---|")
    for size in SIZES:
        images = torch.rand(chosen.images, 3, size, size)
        images = images.contiguous(memory_format=torch.channels_last)
        for encoder in encoders:
            speed(encoder, images[:CHUNK])  # the first pass also chooses kernels
        rounds = [[speed(encoder, images) for encoder in encoders] for _ in range(chosen.rounds)]
        medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
        print(f"| {size} |", " | ".join(f"{value:.0f}" for value in medians), "|", flush=True)


if __name__ == "__main__":
    main()
