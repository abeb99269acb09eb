"""The ensemble is the mean of its members, and a committee answers, saves and is named as one."""

import pytest
import torch
from sklearn.naive_bayes import GaussianNB

from ssl_core.backbones import build
from ssl_core.committee import Committee, majority, mean, product
from ssl_core.fits import NeuralFit
from ssl_core.methods import METHODS
from ssl_core.recipe import balanced
from ssl_core.recipes.ensemble import LEARNERS, Ensemble
from ssl_core.recipes.label_spreading import LabelSpreading
from ssl_core.sklearn_fit import SklearnFit
from ssl_core.spreading import Spread
from ssl_core.types import Round

from .runs import finish


def trained(recipe, data, truth, model):
    """Run a recipe over 24 rows of which 8 are labelled."""
    y = torch.where(torch.arange(24) < 8, truth[:24], -1)
    fit = NeuralFit(data, model, steps=4, batch_size=4, mu=2, device="cpu")
    return finish(recipe.run(torch.arange(24), y, fit))


def test_probabilities_are_the_mean_of_the_members(images):
    """One network for each learner that is installed, and the graph; all weigh the same."""
    data, truth = images
    events, model = trained(Ensemble(k=4), data, truth, build("small_cnn", 1, 2))
    assert len(model.members) == sum(name in METHODS for name in LEARNERS) + 1
    rows = torch.arange(24)
    total = torch.zeros(24, 2)
    for member in model.members:
        total += member(rows)
    torch.testing.assert_close(model(rows), total / len(model.members))
    [labelled] = [event for event in events if isinstance(event, Round)]
    assert labelled.rows.tolist() == list(range(8, 24))
    assert torch.equal(labelled.confidence, model(rows[8:]).max(1).values)


def test_the_graph_of_images_lies_on_what_the_first_network_sees(images):
    """Its embedding is that network's, which is also the one to save."""
    data, truth = images
    _, model = trained(Ensemble(k=4), data, truth, build("small_cnn", 1, 2))
    first, graph = model.members[0], model.members[-1]
    assert isinstance(graph, Spread)
    rows = torch.arange(24)
    assert torch.equal(graph.embed(rows), first.embed(rows))
    assert torch.equal(model.embed(rows), first.embed(rows))
    assert model.model is first.model


def test_the_graph_of_features_lies_on_the_features(moons):
    """No network stands between; label spreading by itself then trains nothing."""
    data, truth = moons
    model = build("mlp", 2, 2)
    _, ensemble = trained(Ensemble(k=4), data, truth, model)
    rows = torch.arange(24)
    assert torch.equal(ensemble.members[-1].embed(rows), data.clean(rows))
    events, alone = trained(LabelSpreading(k=4), data, truth, model)
    assert len(events) == 2
    assert alone.model is None
    assert torch.equal(alone(rows), ensemble.members[-1](rows))


def test_a_classifier_that_learns_in_one_way_is_asked_once():
    """Over scikit-learn there are two members: the classifier and the graph."""
    x = torch.randn(30, 4, generator=torch.Generator().manual_seed(0)).numpy()
    y = torch.where(torch.arange(30) < 10, torch.arange(30) % 2, -1)
    _, model = finish(Ensemble(k=4).run(torch.arange(30), y, SklearnFit(GaussianNB(), x, 2)))
    assert len(model.members) == 2
    assert model.model is None
    assert model.embed(torch.arange(3)).shape == (3, 4)


def test_how_committees_agree():
    """Mean, normalized product, and a majority whose ties the mean breaks."""
    p = torch.tensor([[[0.6, 0.4, 0.0]], [[0.5, 0.3, 0.2]], [[0.0, 0.1, 0.9]]])
    assert mean(p)[0].tolist() == pytest.approx([1.1 / 3, 0.8 / 3, 1.1 / 3])
    two = product(p[:2])[0].tolist()
    assert two == pytest.approx([0.3 / 0.42, 0.12 / 0.42, 0.0], abs=1e-4)
    assert product(torch.eye(2)[:, None])[0].tolist() == pytest.approx([0.5, 0.5])
    assert majority(p).argmax(1).item() == 0  # two votes against a mean as high
    torch.testing.assert_close(majority(p).sum(1), torch.ones(1))
    tie = torch.tensor([[[0.5, 0.3, 0.2]], [[0.1, 0.8, 0.1]], [[0.3, 0.3, 0.4]]])
    assert majority(tie).argmax(1).item() == 1


def test_two_votes_outweigh_any_certainty_of_the_third():
    """Drawn at random: the class with two of three votes always wins."""
    g = torch.Generator().manual_seed(0)
    p = (torch.rand(3, 5000, 3, generator=g) * 6).softmax(2)
    votes = torch.nn.functional.one_hot(p.argmax(2), 3).sum(0)
    decided = votes.max(1).values >= 2
    assert torch.equal(majority(p).argmax(1)[decided], votes.argmax(1)[decided])


def test_the_name_of_a_committee_depends_on_every_member(moons):
    """Another member, another name."""
    data, truth = moons
    _, one = trained(Ensemble(k=4), data, truth, build("mlp", 2, 2))
    fewer = Committee(one.members[:-1], mean)
    assert one.fingerprint() == Committee(one.members, mean).fingerprint() != fewer.fingerprint()


def test_balanced_rows_are_as_many_of_each_class():
    """Five, two and one become five each; no row of the largest class is lost."""
    labels = torch.tensor([1, 1, 0, 1, 2, 1, 0, 1])
    rows, label = balanced(torch.arange(10, 18), labels)
    assert torch.bincount(label).tolist() == [5, 5, 5]
    assert all(labels[row - 10] == each for row, each in zip(rows, label, strict=True))
    assert set(rows.tolist()) == set(range(10, 18))
