"""Unlabelled rows help, or at least do no harm, on two moons with eight labels."""

from functools import cache

import pytest
import torch

from ssl_core.methods import METHODS
from ssl_core.trainer import SemiSupervisedTrainer
from tests.ssl_core.networks import plane_network

NOISE = 0.03  # share of points that a mean over three seeds may lose by chance
# For three hundred steps, on points of the plane whose classes lie half a unit apart: what the
# methods' pages advise
SUITED = {
    "cct": {"weight": 0.1},
    "flexmatch": {"ramp": 0.5},
    "freematch": {"ema_decay": 0.99, "ramp": 0.5},
    "mixmatch": {"weight": 5.0, "ramp": 0.5},
    "softmatch": {"ema_decay": 0.99, "ramp": 0.5},
    "vat": {"xi": 0.1, "epsilon": 0.2},
}


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
        while True:
            try:
                next(run)
            except StopIteration as end:
                return (end.value(torch.arange(200)).argmax(1) == truth).float().mean().item()

    return cache(lambda method: sum(right(method, seed) for seed in range(3)) / 3)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "supervised"])
def test_no_method_is_worse_than_its_labels_alone(method, accuracy):
    """The same network, labels and steps, by the method and by the supervised baseline."""
    assert accuracy(method) > accuracy("supervised") - NOISE


@pytest.mark.parametrize("method", ["fixmatch", "flexmatch", "mixmatch", "remixmatch", "uda"])
def test_the_strong_ones_follow_the_moons(method, accuracy):
    """At least a tenth of all points more than labels alone."""
    assert accuracy(method) > accuracy("supervised") + 0.1
