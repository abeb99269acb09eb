"""Statistics of batch normalization: those of the weights that are there, not of long ago."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

from ssl_core.backbones import build
from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.training.statistics import settle
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Classifier, finish


def normalized(momentum):
    """A network that is one batch normalization of two columns, and a head."""
    norm = nn.BatchNorm1d(2, momentum=momentum)
    encoder = nn.Sequential(norm, nn.Dropout(0.5))
    return norm, Classifier(encoder, nn.Linear(2, 2), num_features=2, num_classes=2).eval()


@pytest.fixture
def data():
    x = np.random.default_rng(0).normal((3, -1), (2, 0.5), (500, 2)).astype(np.float32)
    return FeatureData(x, x[None], x[None])


def test_the_statistics_become_those_of_the_rows(data):
    """Mean and variance, computed the plain way; mode and momentum are as they were."""
    norm, model = normalized(0.01)
    settle(model, data, torch.arange(100, 400), steps=60)
    x = data.features[100:400]
    assert norm.running_mean.numpy() == pytest.approx(x.mean(0), abs=0.02)
    parts = [part.var(0, ddof=1) for part in np.array_split(x, 3)]
    assert norm.running_var.numpy() == pytest.approx(np.mean(parts, 0), rel=1e-3)
    assert norm.momentum == 0.01
    assert not any(module.training for module in model.modules())


@pytest.mark.parametrize(("momentum", "steps"), [(0.1, 30), (0.01, 300), (0.1, 300)])
def test_after_enough_steps_the_running_statistics_stand(data, momentum, steps):
    """Three time constants: what a round of the usual length has gathered is left alone."""
    norm, model = normalized(momentum)
    before = norm.running_mean.clone()
    settle(model, data, torch.arange(500), steps)
    assert torch.equal(norm.running_mean, before)


def test_one_row_is_not_enough_to_measure_by(data):
    norm, model = normalized(0.01)
    settle(model, data, torch.tensor([3]), steps=1)
    assert norm.running_mean.tolist() == [0, 0]


def test_a_pretrained_network_predicts_after_a_few_steps():
    """Sixty steps on 150 digits: good weights must not be read with a photograph's statistics."""
    pixels, truth = load_digits(return_X_y=True)
    images = (pixels[:500].reshape(-1, 1, 8, 8) * (255 / 16)).astype(np.uint8)
    data = ImageData(images.repeat(4, 2).repeat(4, 3), "handwriting")
    y = torch.from_numpy(truth[:500])
    known = torch.where(torch.arange(500) < 150, y, -1)
    model = build("efficientnet_lite0", 1, 10, seed=0)
    trainer = SemiSupervisedTrainer(model, "supervised", steps=60, lr=0.02)
    said = finish(trainer.run(data, known)).probabilities(torch.arange(150, 500))
    assert float((said.argmax(1) == y[150:]).float().mean()) > 0.6, "with stale statistics it is .2"
