"""The ensemble is the mean of its members, and a committee answers, saves and is named as one."""

import pytest
import torch
from sklearn.naive_bayes import GaussianNB

from ssl_core.backbones import build
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.parts.committee import Committee, majority, mean, product
from ssl_core.parts.spreading import Spread
from ssl_core.recipe import balanced
from ssl_core.recipes.ensemble import ON_FEATURES, ON_IMAGES, Ensemble
from ssl_core.recipes.label_spreading import LabelSpreading
from ssl_core.types import Round, Stopped
from tests.ssl_core.runs import listen


def trained(recipe, data, truth, model):
    """Run a recipe over 24 rows of which 8 are labeled."""
    y = torch.where(torch.arange(24) < 8, truth[:24], -1)
    fit = NeuralFit(data, model, steps=4, batch_size=4, mu=2, device="cpu")
    return listen(recipe.run(torch.arange(24), y, fit))


def test_half_is_what_unlike_learners_say_and_half_what_two_of_them_learn_from_it(moons):
    """A lesson is half its networks' mean and half its graph; the answer is the mean of both."""
    data, truth = moons
    events, model = trained(Ensemble(k=4), data, truth, build("mlp", 2, 2))
    second, first = model.members
    rows = torch.arange(24)
    for lesson, count in ((first, len(ON_FEATURES)), (second, 1)):
        networks, graph = lesson.members
        assert len(networks.members) == count
        assert isinstance(graph, Spread)
        total = torch.zeros(24, 2)
        for network in networks.members:
            total += network.probabilities(rows)
        expected = (total / count + graph.probabilities(rows)) / 2
        torch.testing.assert_close(lesson.probabilities(rows), expected)
    expected = (first.probabilities(rows) + second.probabilities(rows)) / 2
    torch.testing.assert_close(model.probabilities(rows), expected)
    fits = sum(isinstance(event, Stopped) for event in events) - 1
    assert fits == len(ON_FEATURES) + 1


@pytest.mark.parametrize("threshold", [0.0, 0.7, 1.0])
def test_the_second_lesson_has_the_labels_and_what_the_first_is_sure_of(moons, threshold):
    """Known labels stay; answers from the threshold on are added, and reported; no other is."""
    data, truth = moons
    events, model = trained(Ensemble(k=4, threshold=threshold), data, truth, build("mlp", 2, 2))
    second, first = model.members
    rows = torch.arange(8, 24)
    confidence, label = first.probabilities(rows).max(1)
    sure = confidence >= threshold
    [added] = [event for event in events if isinstance(event, Round)]
    assert torch.equal(added.rows, rows[sure])
    assert torch.equal(added.labels, label[sure])
    y = torch.cat([truth[:8], torch.where(sure, label, -1)])
    graph = Spread(data.clean, torch.arange(24), y, 2, k=4, alpha=0.9)
    everything = torch.arange(24)
    found = second.members[-1].probabilities(everything)
    assert torch.equal(found, graph.probabilities(everything))


def test_the_graph_of_images_lies_on_what_the_first_network_sees(images):
    """Fewer networks are trained; the one that learned twice is the one to save."""
    data, truth = images
    _, model = trained(Ensemble(k=4), data, truth, build("small_cnn", 1, 2))
    second, first = model.members
    assert len(first.members) == len(ON_IMAGES) + 1
    rows = torch.arange(24)
    for lesson in (first, second):
        graph = lesson.members[-1]
        assert isinstance(graph, Spread)
        assert torch.equal(graph.embed(rows), lesson.members[0].embed(rows))
    assert torch.equal(model.embed(rows), second.members[0].embed(rows))
    assert model.model is second.members[0].model


def test_the_graph_of_features_lies_on_the_features(moons):
    """No network stands between; label spreading by itself then trains nothing."""
    data, truth = moons
    model = build("mlp", 2, 2)
    _, ensemble = trained(Ensemble(k=4), data, truth, model)
    graph = ensemble.members[1].members[-1]
    rows = torch.arange(24)
    assert torch.equal(graph.embed(rows), data.clean(rows))
    events, alone = trained(LabelSpreading(k=4), data, truth, model)
    assert len(events) == 2
    assert alone.model is None
    assert torch.equal(alone.probabilities(rows), graph.probabilities(rows))


def test_a_classifier_that_learns_in_one_way_is_asked_once_a_lesson():
    """Over scikit-learn a lesson has two members: the classifier and the graph."""
    x = torch.randn(30, 4, generator=torch.Generator().manual_seed(0)).numpy()
    y = torch.where(torch.arange(30) < 10, torch.arange(30) % 2, -1)
    _, model = listen(Ensemble(k=4).run(torch.arange(30), y, SklearnFit(GaussianNB(), x, 2)))
    assert [len(lesson.members) for lesson in model.members] == [2, 2]
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
