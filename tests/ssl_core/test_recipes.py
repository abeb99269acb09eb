"""Every recipe in RECIPES keeps the contract; self-training equals scikit-learn's."""

import numpy as np
import pytest
import torch
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.semi_supervised import SelfTrainingClassifier

from ssl_core.errors import SSLError
from ssl_core.fits import NeuralFit, SklearnFit
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.types import Epoch, Round, Stopped

every = pytest.mark.parametrize("name", RECIPES)


def finish(run):
    """Run to the end; return the events and the predictor."""
    events = []
    while True:
        try:
            events.append(next(run))
        except StopIteration as end:
            return events, end.value


@pytest.fixture
def points():
    """Three overlapping classes of 200 points, 30 labelled; shuffled."""
    x, truth = make_classification(
        200, 6, n_informative=4, n_classes=3, class_sep=1.4, random_state=3
    )
    y = np.where(np.arange(200) < 30, truth, -1)
    order = np.random.default_rng(1).permutation(200)
    return x[order], y[order]


@pytest.mark.parametrize("classifier", [LogisticRegression(), GaussianNB()])
@pytest.mark.parametrize(("threshold", "max_iter"), [(0.75, 10), (0.95, 2), (0.999, 10)])
def test_self_training_equals_scikit_learn_row_by_row(points, classifier, threshold, max_iter):
    """Same labels, in the same round, and the same final probabilities."""
    x, y = points
    theirs = SelfTrainingClassifier(classifier, threshold=threshold, max_iter=max_iter).fit(x, y)
    fit = SklearnFit(classifier, x, 3)
    recipe = build_recipe("self_training", threshold=threshold, max_iter=max_iter)
    events, model = finish(recipe.run(torch.arange(200), torch.from_numpy(y), fit))
    labels, rounds = y.copy(), np.where(y >= 0, 0, -1)
    for event in events:
        if isinstance(event, Round):
            labels[event.rows], rounds[event.rows] = event.labels, event.number
    np.testing.assert_array_equal(labels, theirs.transduction_)
    np.testing.assert_array_equal(rounds, theirs.labeled_iter_)
    expected = theirs.predict_proba(x)
    np.testing.assert_allclose(model(torch.arange(200)).numpy(), expected, rtol=1e-5, atol=1e-7)


@every
def test_a_recipe_labels_only_what_it_was_given_and_says_why_it_stopped(name, points):
    """Rows outside `rows` never appear, no row twice, no known label changes."""
    x, y = points
    rows = torch.arange(0, 200, 2)
    given = torch.from_numpy(y)[rows]
    events, _ = finish(build_recipe(name).run(rows, given, SklearnFit(GaussianNB(), x, 3)))
    labelled = torch.cat([e.rows for e in events if isinstance(e, Round)])
    assert len(labelled.unique()) == len(labelled) > 0
    assert set(labelled.tolist()) <= set(rows[given < 0].tolist())
    assert isinstance(events[-1], Stopped)
    assert events[-1].reason
    assert torch.equal(given, torch.from_numpy(y)[rows]), "the caller's labels were changed"


@every
def test_a_killed_recipe_replays_from_its_folder(name, moons, network, tmp_path):
    """Cut in the second fit and run again, it ends with the very weights of an uncut run."""
    data, truth = moons
    y = torch.full((200,), -1)
    y[[*range(6)]] = truth[:6]

    def run(folder):
        fit = NeuralFit(
            data, network(), checkpoint=folder, steps=12, epoch_steps=4, batch_size=8, device="cpu"
        )
        recipe = build_recipe(name, threshold=0.6, max_iter=2)
        return recipe.run(torch.arange(200), y, fit)

    events, straight = finish(run(tmp_path / "straight"))
    assert any(isinstance(event, Round) for event in events)
    cut = run(tmp_path / "cut")
    while not isinstance(next(cut), Round):
        pass
    next(cut)  # the first epoch of the second fit is done
    cut.close()
    again, resumed = finish(run(tmp_path / "cut"))
    epochs = sum(isinstance(event, Epoch) for event in again)
    assert epochs < sum(isinstance(event, Epoch) for event in events)
    for one, other in zip(straight.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_everything_labelled_stops_at_once(points):
    """There is nothing to label, and the reason says so."""
    x, y = points
    known = torch.from_numpy(np.flatnonzero(y >= 0))
    run = build_recipe("self_training").run(
        known, torch.from_numpy(y)[known], SklearnFit(GaussianNB(), x, 3)
    )
    events, _ = finish(run)
    assert events == [Stopped("every image is labeled")]


def test_a_class_the_classifier_never_saw_has_no_probability(points):
    """Columns follow the class numbers, not the order of the labels."""
    x, y = points
    rows = torch.from_numpy(np.flatnonzero((y == 0) | (y == 2)))
    fit = SklearnFit(GaussianNB(), x, 3)
    _, model = finish(fit(rows, torch.from_numpy(y)[rows]))
    probabilities = model(torch.arange(20))
    assert probabilities.shape == (20, 3)
    assert (probabilities[:, 1] == 0).all()
    assert model(torch.empty(0, dtype=torch.int64)).shape == (0, 3)


def test_an_unknown_recipe_lists_the_right_ones():
    """The message guesses what was meant."""
    with pytest.raises(SSLError, match="Did you mean 'self_training'"):
        build_recipe("self_trainin")
