"""Small problems that every method can be tried on."""

import numpy as np
import pytest
import torch
from sklearn.datasets import make_moons

from ssl_core.data.sources import FeatureData, ImageData
from tests.ssl_core.networks import plane_network

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


@pytest.fixture
def network():
    """Make a small network on points of the plane."""
    return plane_network
