"""Unlabeled rows help, or at least do no harm, on two moons with eight labels."""

from functools import cache

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.methods import METHODS
from ssl_core.methods.mixmatch import MixMatch
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import finish
from tests.ssl_core.networks import plane_network

NOISE = 0.03  # share of points that a mean over three seeds may lose by chance
# For three hundred steps, on points of the plane whose classes lie half a unit apart: what the
# methods' pages advise
SUITED = {
    "flexmatch": {"ramp": 0.5},
    "freematch": {"ema_decay": 0.99, "ramp": 0.5},
    "mixmatch": MixMatch.SMALL_DATA,
    "softmatch": {"ema_decay": 0.99, "ramp": 0.5},
    "vat": {"xi": 0.1, "epsilon": 0.2},
}


def share_right(run, rows, truth):
    """Run to the end; return the share of rows that the model gets right."""
    return (finish(run).probabilities(rows).argmax(1) == truth[rows]).float().mean().item()


@pytest.fixture(scope="module")
def accuracy(moons):
    """The mean share of points that a method gets right, over three seeds; computed once each."""
    data, truth = moons
    y = torch.full((200,), -1)
    for c in (0, 1):
        y[(truth == c).nonzero().squeeze(1)[:4]] = c

    def right(method, seed):
        run = SemiSupervisedTrainer(
            plane_network(seed=seed), method, options=SUITED.get(method), steps=300, batch_size=8,
            mu=6, lr=0.02, device="cpu", seed=seed,
        ).run(data, y)  # fmt: skip
        return share_right(run, torch.arange(200), truth)

    return cache(lambda method: sum(right(method, seed) for seed in range(3)) / 3)


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("cct", "supervised")])
def test_no_method_is_worse_than_its_labels_alone(method, accuracy):
    """The same network, labels and steps, by the method and by the supervised baseline."""
    assert accuracy(method) > accuracy("supervised") - NOISE


@pytest.mark.parametrize("method", ["fixmatch", "flexmatch", "mixmatch", "remixmatch", "uda"])
def test_the_strong_ones_follow_the_moons(method, accuracy):
    """At least a tenth of all points more than labels alone."""
    assert accuracy(method) > accuracy("supervised") + 0.1


def test_cct_helps_a_network_that_is_trained_whole():
    """Its lesson is for the encoder, so on digits with 40 labels and not on points of the plane."""
    pixels, target = load_digits(return_X_y=True)
    images = (pixels.reshape(-1, 1, 8, 8) * (255 / 16)).astype(np.uint8)
    data, truth = ImageData(images, "handwriting"), torch.from_numpy(target)
    first = torch.cat([(truth == c).nonzero().squeeze(1)[:4] for c in range(10)])
    y = torch.full_like(truth, -1)
    y[first] = truth[first]
    right = {"supervised": 0.0, "cct": 0.0}
    for method in right:
        for seed in range(2):
            run = SemiSupervisedTrainer(
                build("small_cnn", 1, 10, seed=seed), method, steps=150, device="cpu", seed=seed
            ).run(data, y)
            right[method] += share_right(run, torch.arange(len(truth)), truth) / 2
    assert right["cct"] > right["supervised"] - NOISE
