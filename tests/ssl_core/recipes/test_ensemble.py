"""Unlike learners are pooled by evidence, and a committee answers, saves and is named as one."""

import pytest
import torch
from sklearn.naive_bayes import GaussianNB

from ssl_core.backbones import build
from ssl_core.data.sources import FeatureData
from ssl_core.evidence.folds import FOLDS
from ssl_core.evidence.weighing import FLOOR, Tempered
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import SklearnFit, SklearnPredictor
from ssl_core.parts.graph.smoothing import ASKING, Smoothed
from ssl_core.parts.graph.spreading import Spread
from ssl_core.parts.linear import Linear
from ssl_core.recipe import balanced
from ssl_core.recipes.ensemble import (
    LEARNERS,
    ON_FEATURES,
    ON_IMAGES,
    STANDARDIZED,
    Ensemble,
    Heard,
    votes,
)
from ssl_core.recipes.label_spreading import LabelSpreading
from ssl_core.recipes.plain import Plain
from ssl_core.types import Round, Stopped, Weighed, Working, finish
from tests.ssl_core.runs import listen


def trained(recipe, data, truth, model):
    """Run a recipe over 24 rows of which 8 are labeled."""
    y = torch.where(torch.arange(24) < 8, truth[:24], -1)
    fit = NeuralFit(data, model, steps=4, batch_size=4, mu=2, device="cpu")
    return listen(recipe.run(torch.arange(24), y, fit))


def test_learners_are_pooled_by_what_they_knew_of_labels_kept_from_them(moons):
    """The answer is re-derived from the members; what is reported adds up."""
    data, truth = moons
    events, model = trained(Ensemble(k=4), data, truth, build("mlp", 2, 2))
    [weighed] = [event for event in events if isinstance(event, Weighed)]
    assert set(weighed.shares) == set(weighed.losses) == set(LEARNERS)
    assert sum(weighed.shares.values()) == pytest.approx(1)
    rows = torch.arange(24)
    pool = model.inner
    graph, line, networks = pool.members
    assert isinstance(graph.inner.inner, Spread)
    assert isinstance(line.inner, Linear)
    assert len(networks.members) == len(ON_FEATURES)
    logs = sum(
        weighed.shares[name] * member.probabilities(rows).double().clamp_min(FLOOR).log()
        for name, member in zip(LEARNERS, pool.members, strict=True)
    )
    said = pool.probabilities(rows).double().log()
    # The shares are the exponents but for a common factor, so the odds are so many times theirs
    times = (said[:, 0] - said[:, 1]) / (logs[:, 0] - logs[:, 1])
    torch.testing.assert_close(times, times[:1].expand(24), rtol=1e-3, atol=1e-3)
    expected = torch.stack([member.probabilities(rows) for member in networks.members]).mean(0)
    torch.testing.assert_close(networks.probabilities(rows), expected)
    fits = sum(isinstance(event, Stopped) for event in events) - 1
    assert fits == len(ON_FEATURES) + FOLDS


def test_what_the_learners_say_together_is_smoothed_along_the_graph(moons):
    """The graph is that of label spreading, and the page hears that neighbors are asked."""
    data, truth = moons
    events, model = trained(Ensemble(k=4), data, truth, build("mlp", 2, 2))
    assert ASKING in [event.what for event in events if isinstance(event, Working)]
    smoothed = finish(Smoothed.steps(model.inner, model.inner.members[0].inner.inner))
    rows = torch.arange(30)
    assert torch.equal(model.probabilities(rows), smoothed.probabilities(rows))
    assert not torch.equal(model.probabilities(rows), model.inner.probabilities(rows))


def test_the_networks_that_count_as_one_do_not_all_see_alike(moons):
    """Where features are moved and stretched, who standardizes them answers as before."""
    data, truth = moons
    stretched = FeatureData(*(3 * each + 1 for each in (data.features, *data.copies.values())))
    answers = []
    for seen in (data, stretched):
        _, model = trained(Ensemble(k=4), seen, truth, build("mlp", 2, 2))
        answers.append([m.probabilities(torch.arange(24)) for m in model.inner.members[2].members])
    for name, one, other in zip(ON_FEATURES, *answers, strict=True):
        assert torch.allclose(one, other, atol=1e-3) == (name in STANDARDIZED), name


def test_a_learner_that_knows_the_labels_counts_more_than_one_that_guesses():
    """The line knows 400 labels, the graph and the network say the same of all."""
    given = torch.arange(400) % 2
    knows = torch.full((400, 2), 0.1).scatter(1, given[:, None], 0.9)
    guesses = torch.tensor([[0.7, 0.3]]).expand(400, 2)
    heard = Heard(guesses, knows, guesses, given, torch.tensor([0.5, 0.5]))
    graph, line, network = heard.weighed().shares.values()
    assert line > 0.5
    assert graph == pytest.approx(network, abs=0.05)
    assert heard.weighed().losses["logistic"] < heard.weighed().losses["networks"]


def test_a_line_counts_the_more_beforehand_the_more_labels_a_class_has():
    """From a tenth with four a class to half with ten; with more, or fewer, it stays."""
    assert [votes(n)[1] for n in (0.5, 4, 7, 10, 40)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.5])
    assert all(graph == networks for graph, _, networks in map(votes, range(10)))
    said = torch.full((20, 2), 0.5)  # nobody knows anything: what was before holds
    given = torch.arange(20) % 2
    shares = Heard(said, said, said, given, torch.tensor([0.5, 0.5])).weighed().shares
    assert shares["logistic"] == pytest.approx(0.5 / 1.1)


def test_the_fewer_labels_the_less_sure_all_are_together():
    """The same evidence twice over, and the pool of the same answers is sharper."""
    given = torch.arange(10) % 2
    said = torch.full((10, 2), 0.2).scatter(1, given[:, None], 0.8)
    sharpness = []
    for n in (1, 2, 20):
        heard = Heard(*[said.repeat(n, 1)] * 3, given.repeat(n), torch.tensor([0.5, 0.5]))
        both = zip(heard.exponents, heard.hot, strict=True)
        sharpness.append(sum(exponent / hot for exponent, hot in both))
    assert sharpness[0] < sharpness[1] < sharpness[2]


def test_what_few_labels_say_is_taken_for_less_by_their_number_alone():
    """Twenty and fewer take three of 23 parts, forty less, however many classes they are of."""
    for classes in (2, 4):
        shares = torch.full((classes,), 1 / classes)
        for n, less in ((8, 1 / 1.15), (16, 1 / 1.15), (40, 1 / 1.04), (80, 100 / 101)):
            nothing = torch.full((n, classes), 1 / classes)  # what counted beforehand stands
            heard = Heard(*[nothing] * 3, torch.arange(n) % classes, shares)
            assert sum(heard.exponents) == pytest.approx(sum(votes(n / classes)) * less)


def test_labels_of_a_class_that_is_rare_in_the_pool_count_little():
    """Two learners, each knows one class: the one that knows the frequent class counts more."""
    given = torch.arange(40) % 2
    sure = torch.full((40, 2), 0.2).scatter(1, given[:, None], 0.8)
    one, other = (torch.where(given[:, None] == c, sure, 0.5) for c in (0, 1))
    for shares, better in (([0.9, 0.1], 0), ([0.1, 0.9], 1)):
        heard = Heard(one, other, torch.full((40, 2), 0.5), given, torch.tensor(shares))
        counts = list(heard.weighed().shares.values())
        assert counts[better] > counts[1 - better]


@pytest.mark.parametrize("threshold", [0.0, 0.52])
def test_networks_on_images_learn_once_more_from_what_all_are_sure_of(images, threshold):
    """Known labels stay; answers from the threshold on are added, and reported; no other is."""
    data, truth = images
    model = build("small_cnn", 1, 2)
    events, model = trained(Ensemble(k=4, threshold=threshold), data, truth, model)
    second, first = model.members
    rows = torch.arange(8, 24)
    confidence, label = first.probabilities(rows).max(1)
    sure = confidence >= threshold
    [added] = [event for event in events if isinstance(event, Round)]
    assert torch.equal(added.rows, rows[sure])
    assert torch.equal(added.labels, label[sure])
    y = torch.cat([truth[:8], torch.where(sure, label, -1)])
    everything = torch.arange(24)
    graph = Spread(second.members[0].embed, everything, y, 2, k=4, alpha=0.9)
    found = second.members[-1].probabilities(everything)
    assert torch.equal(found, graph.probabilities(everything))


def test_where_nobody_is_sure_of_any_image_there_is_no_second_lesson(images):
    """The first lesson answers, and the reason says so."""
    data, truth = images
    model = build("small_cnn", 1, 2)
    events, model = trained(Ensemble(k=4, threshold=1.0), data, truth, model)
    assert not [event for event in events if isinstance(event, Round)]
    assert len(model.members) == len(ON_IMAGES) + 1
    assert "sure of no image" in events[-1].reason


def test_the_graph_is_scaled_to_what_labels_tell_of_the_pool(moons):
    """Eight labels tell of no pool in which the moons are unlike: the graph is even."""
    data, truth = moons
    _, model = trained(Ensemble(k=4), data, truth, build("mlp", 2, 2))
    found = model.inner.members[0].inner.probabilities(torch.arange(24)).mean(0)
    torch.testing.assert_close(found, torch.full((2,), 0.5), atol=0.1, rtol=0)


def test_the_graph_of_images_lies_on_what_the_first_network_sees(images):
    """Fewer networks are trained; the one that learned twice is the one to save."""
    data, truth = images
    _, model = trained(Ensemble(k=4, threshold=0.0), data, truth, build("small_cnn", 1, 2))
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
    graph = ensemble.inner.members[0].inner.inner
    rows = torch.arange(24)
    assert torch.equal(graph.embed(rows), data.clean(rows))
    events, alone = trained(LabelSpreading(k=4), data, truth, model)
    assert len(events) == 2
    assert alone.model is None
    assert torch.equal(alone.probabilities(rows), graph.probabilities(rows))


def test_a_classifier_that_learns_in_one_way_is_asked_once():
    """Over scikit-learn it stands for the networks, as sure as the labels say that it should be."""
    x = torch.randn(30, 4, generator=torch.Generator().manual_seed(0)).numpy()
    y = torch.where(torch.arange(30) < 10, torch.arange(30) % 2, -1)
    _, model = listen(Ensemble(k=4).run(torch.arange(30), y, SklearnFit(GaussianNB(), x, 2)))
    assert isinstance(model.inner.members[2], Tempered)
    assert isinstance(model.inner.members[2].inner, SklearnPredictor)
    assert model.model is None
    assert model.embed(torch.arange(3)).shape == (3, 4)


def test_a_class_with_one_label_does_not_decide_who_counts(moons):
    """The same shares with it as without it, though nobody could know its only label."""
    data, truth = moons
    shares = []
    for y in (
        torch.cat([truth[:8], torch.full((16,), -1)]),
        torch.cat([truth[:8], torch.tensor([2]), torch.full((15,), -1)]),
    ):
        fit = NeuralFit(data, build("mlp", 2, 3), steps=4, batch_size=4, mu=2, device="cpu")
        events, _ = listen(Ensemble(k=4).run(torch.arange(24), y, fit))
        [weighed] = [event for event in events if isinstance(event, Weighed)]
        shares.append(torch.tensor(list(weighed.shares.values())))
    torch.testing.assert_close(*shares, atol=0.1, rtol=0)


def test_balanced_rows_are_as_many_of_each_class():
    """Five, two and one become five each; no row of the largest class is lost."""
    labels = torch.tensor([1, 1, 0, 1, 2, 1, 0, 1])
    rows, label = balanced(torch.arange(10, 18), labels)
    assert torch.bincount(label).tolist() == [5, 5, 5]
    assert all(labels[row - 10] == each for row, each in zip(rows, label, strict=True))
    assert set(rows.tolist()) == set(range(10, 18))


def test_evidence_is_of_other_groups_than_those_learned_from():
    """Features that tell the patient alone: by patient nobody knows a class, and all are unsure."""
    rng = torch.Generator().manual_seed(0)
    groups = torch.arange(120) // 4
    y = torch.randint(0, 2, (30,), generator=rng)[groups]
    x = torch.randn((30, 12), generator=rng)[groups] + 0.02 * torch.randn((120, 12), generator=rng)

    def heard(groups):
        fit = SklearnFit(GaussianNB(), x.numpy(), 2, groups=groups)
        events, model = listen(Ensemble(k=4).run(torch.arange(120), y, fit))
        [weighed] = [event for event in events if isinstance(event, Weighed)]
        new = model.probabilities(torch.arange(120)).max(1).values
        return weighed.losses["label_spreading"], float(new.mean())

    by_image, by_patient = heard(None), heard(groups)
    assert by_image[0] < 0.1
    assert by_patient[0] > 0.6
    assert by_patient[1] < by_image[1] - 0.1


@pytest.mark.parametrize("recipe", [Ensemble(k=4), Plain()])
def test_labels_of_one_group_weigh_nobody_and_it_says_so(recipe):
    """Nothing can be kept back: learners count as they did before, and none is called better."""
    x = torch.randn((30, 4), generator=torch.Generator().manual_seed(0))
    y = torch.where(torch.arange(30) < 8, torch.arange(30) % 2, -1)
    reasons = []
    for groups in (torch.arange(30) // 8, torch.arange(30) // 4):
        fit = SklearnFit(GaussianNB(), x.numpy(), 2, groups=groups)
        events, model = listen(recipe.run(torch.arange(30), y, fit))
        assert torch.isfinite(model.probabilities(torch.arange(30))).all()
        reasons.append(events[-1].reason)
    assert "no label could be kept" in reasons[0]
    assert "no label could be kept" not in reasons[1]
