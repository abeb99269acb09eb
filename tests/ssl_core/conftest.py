"""Small problems that every method can be tried on."""

import numpy as np
import pytest
import torch
from sklearn.datasets import make_moons

from ssl_core.backbones import build
from ssl_core.data import FeatureData, ImageData
from ssl_core.types import Batch, Classifier, Task

torch.set_num_threads(1)  # the tensors are tiny: a second thread would only wait


@pytest.fixture(scope="session")
def moons():
    """Two moons of 200 points: data with jittered views, and the truth."""
    x, truth = make_moons(200, noise=0.08, random_state=0)
    x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
    rng = np.random.default_rng(0)
    weak = x + rng.normal(0, 0.05, (4, *x.shape)).astype(np.float32)
    strong = x + rng.normal(0, 0.25, (8, *x.shape)).astype(np.float32)
    return FeatureData(x, weak, strong), torch.from_numpy(truth)


@pytest.fixture
def images():
    """Twenty-four 8 x 8 images of two classes: dark above or dark below."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 120, (24, 1, 8, 8), dtype=np.uint8)
    truth = torch.arange(24) % 2
    pixels[truth == 0, :, :4] += 130
    pixels[truth == 1, :, 4:] += 130
    return ImageData(pixels, "handwriting"), truth


def plane_network(num_classes: int = 2, seed: int = 0) -> Classifier:
    """A small network on points of the plane, without norm or dropout."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        encoder = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.ReLU())
        head = torch.nn.Linear(32, num_classes)
    return Classifier(encoder, head, num_features=32, num_classes=num_classes)


@pytest.fixture
def network():
    """Make a small network on points of the plane."""
    return plane_network


def image_batch(labelled: int = 4, unlabelled: int = 6, num_classes: int = 3) -> Batch:
    """Random images with every view a method may ask for."""
    g = torch.Generator().manual_seed(0)
    views = ("weak", "weak2", "strong", "strong2")
    return Batch(
        x=torch.rand(labelled, 1, 8, 8, generator=g),
        y=torch.randint(num_classes, (labelled,), generator=g),
        u={name: torch.rand(unlabelled, 1, 8, 8, generator=g) for name in views},
        index=torch.arange(unlabelled),
    )


@pytest.fixture
def batch():
    """Make random batches of 8 x 8 images of three classes."""
    return image_batch


@pytest.fixture
def pair():
    """A student on 8 x 8 images of three classes and its teacher, ready to train."""
    student = build("small_cnn", 1, 3)
    teacher = build("small_cnn", 1, 3).requires_grad_(False).eval()
    return student.train(), teacher


@pytest.fixture
def task():
    """The task that fits `batch` and `pair`."""
    return Task(num_classes=3, num_unlabelled=6, num_features=64, class_prior=torch.ones(3) / 3)
