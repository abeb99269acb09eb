"""Logistic regression as a recipe: on features by itself, on images behind a network."""

import torch
from sklearn.naive_bayes import GaussianNB

from ssl_core.backbones import build
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.parts.linear import Linear
from ssl_core.recipe import balanced
from ssl_core.recipes.logistic import Logistic
from ssl_core.types import Epoch, Stopped
from tests.ssl_core.runs import listen

FEW = {"steps": 4, "batch_size": 4, "mu": 2, "device": "cpu"}


def test_on_features_no_network_is_trained(moons):
    """One event, the end; the answers are those of the linear learner on the features."""
    data, truth = moons
    y = torch.where(torch.arange(200) < 12, truth, -1)
    rows = torch.arange(200)
    fit = NeuralFit(data, build("mlp", 2, 2), **FEW)
    events, model = listen(Logistic(strength=2.0).run(rows, y, fit))
    assert [type(event) for event in events] == [Stopped]
    expected = Linear(data.clean, rows, y, 2, strength=2.0)
    assert torch.equal(model.probabilities(rows), expected.probabilities(rows))
    assert model.model is None


def test_on_images_it_draws_its_line_through_what_a_network_sees(images):
    """The network learns from the labels alone, each class as often; it is the one to save."""
    data, truth = images
    y = torch.where(torch.arange(24) < 9, truth, -1)
    rows = torch.arange(24)
    start = build("small_cnn", 1, 2)
    events, model = listen(Logistic().run(rows, y, NeuralFit(data, start, **FEW)))
    assert any(isinstance(event, Epoch) for event in events)
    alone = NeuralFit(data, start, **FEW).by("supervised")
    _, network = listen(alone(*balanced(rows[y >= 0], y[y >= 0])))
    assert torch.equal(model.embed(rows), network.embed(rows))
    expected = Linear(network.embed, rows, y, 2, strength=0.1)
    assert torch.equal(model.probabilities(rows), expected.probabilities(rows))
    for name, value in model.model.state_dict().items():
        assert torch.equal(value, network.model.state_dict()[name])


def test_over_scikit_learn_the_classifier_is_not_asked():
    """The line lies on the embeddings; whatever was to be fitted stays unfitted."""
    x = torch.randn(30, 4, generator=torch.Generator().manual_seed(0)).numpy()
    y = torch.where(torch.arange(30) < 10, torch.arange(30) % 2, -1)
    fit = SklearnFit(GaussianNB(), x, 2)
    _, model = listen(Logistic().run(torch.arange(30), y, fit))
    expected = Linear(fit.embed, torch.arange(30), y, 2, strength=0.1)
    assert model.fingerprint() == expected.fingerprint()
