"""Made-up images that a network can learn from, the same on every machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ssl_core.data.sources import FeatureData, ImageData

CLASSES = 4


def images(n: int, side: int, seed: int = 0) -> tuple[NDArray[np.uint8], torch.Tensor]:
    """Return pixels (n, 3, side, side) and their classes (n,): by where a noisy image is light."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % CLASSES
    pixels = rng.integers(0, 120, (n, 3, side, side), dtype=np.uint8)
    half = side // 2
    for place, (row, column) in enumerate(((0, 0), (0, half), (half, 0), (half, half))):
        pixels[truth == place, :, row : row + half, column : column + half] += 100
    return pixels, torch.from_numpy(truth)


def pictures(n: int, side: int, device: torch.device) -> tuple[ImageData, torch.Tensor]:
    """Return images to be trained on whole, and their labels (n,): one in five is known."""
    pixels, truth = images(n, side)
    return ImageData(pixels, "photo", device), some(truth)


def features(n: int, width: int, device: torch.device) -> tuple[FeatureData, torch.Tensor]:
    """Return feature vectors (n, width) with their views, and their labels, likewise."""
    rng = np.random.default_rng(0)
    truth = torch.arange(n) % CLASSES
    middle = 2 * rng.standard_normal((CLASSES, width)).astype(np.float32)
    x = middle[truth] + rng.standard_normal((n, width)).astype(np.float32)
    views = [x + 0.2 * rng.standard_normal((2, n, width)).astype(np.float32) for _ in range(2)]
    return FeatureData(x, *views, device), some(truth)


def some(truth: torch.Tensor) -> torch.Tensor:
    """Return one label in five, and -1 for the others."""
    return torch.where(torch.arange(len(truth)) // CLASSES % 5 == 0, truth, -1)


def files(folder: Path, n: int, side: int) -> list[Path]:
    """Write images as PNG files, named by their classes."""
    folder.mkdir(parents=True)
    pixels, truth = images(n, side)
    found = []
    for number, (image, known) in enumerate(zip(pixels, truth.tolist(), strict=True)):
        found.append(folder / f"{number:05d} {known}.png")
        Image.fromarray(image.transpose(1, 2, 0)).save(found[-1], compress_level=1)
    return found
