"""The better of two plain learners, by labels that neither has learned from."""

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from ssl_core.backbones import build
from ssl_core.evidence.folds import FOLDS, TINY, folds
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.parts.linear import Linear
from ssl_core.recipes.plain import Plain
from ssl_core.training.predict import NeuralPredictor
from ssl_core.types import Epoch, Stopped, Weighed
from tests.ssl_core.runs import listen


def rings(n=120):
    """A class inside another: no line parts them, but neighbors know each other."""
    rng = np.random.default_rng(0)
    truth = np.arange(n) % 2
    angle, radius = rng.uniform(0, 2 * np.pi, n), 1 + 2 * truth + rng.normal(0, 0.1, n)
    return np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius]), truth


def halves(n=120):
    """Two overlapping clouds that a line parts as well as anything can."""
    rng = np.random.default_rng(1)
    truth = np.arange(n) % 2
    return rng.normal(0, 1, (n, 2)) + 1.5 * truth[:, None], truth


def left_out(make, x, y, known):
    """The mean surprise at the labels of each fold, by a learner of the others: a naive loop."""
    fold = folds(torch.from_numpy(y[known])).numpy()
    surprise = []
    for number in range(FOLDS):
        model = make().fit(x[known[fold != number]], y[known[fold != number]])
        for row in known[fold == number]:
            said = model.predict_proba(x[[row]])[0][y[row]]
            surprise.append(-math.log(max(said, TINY)))
    return sum(surprise) / len(surprise)


@pytest.mark.parametrize(("points", "best"), [(rings, "supervised"), (halves, "logistic")])
def test_it_takes_the_learner_that_knew_more_of_what_it_had_not_seen(points, best):
    """Both losses by a loop over folds; the better one learns from all labels and answers alone."""
    x, truth = points()
    x = StandardScaler().fit_transform(x).astype(np.float32)
    y = np.where(np.arange(120) < 50, truth, -1)
    known = np.flatnonzero(y >= 0)
    network = KNeighborsClassifier(3)
    expected = {
        "logistic": left_out(
            lambda: LogisticRegression(C=0.1, class_weight="balanced"), x, y, known
        ),
        "supervised": left_out(lambda: KNeighborsClassifier(3), x, y, known),
    }
    rows, fit = torch.arange(120), SklearnFit(network, x, 2)
    events, model = listen(Plain().run(rows, torch.from_numpy(y), fit))
    [weighed] = [event for event in events if isinstance(event, Weighed)]
    assert weighed.losses == pytest.approx(expected, abs=1e-3)
    assert min(expected, key=expected.get) == best
    assert weighed.shares == {name: float(name == best) for name in expected}
    assert isinstance(events[-1], Stopped)
    assert best in events[-1].reason
    if best == "logistic":
        whole = Linear(fit.embed, rows, torch.from_numpy(y), 2, strength=0.1)
        answers = whole.probabilities(rows).numpy()
    else:
        answers = network.fit(x[known], y[known]).predict_proba(x)
    np.testing.assert_allclose(model.probabilities(rows).numpy(), answers, rtol=1e-5)


def test_its_strength_is_that_of_its_line():
    """A line that may not bend to the labels knows nothing, and loses."""
    x, truth = halves()
    y = torch.from_numpy(np.where(np.arange(120) < 50, truth, -1))
    fit = SklearnFit(KNeighborsClassifier(20), x, 2)
    events, _ = listen(Plain(strength=1e-6).run(torch.arange(120), y, fit))
    [weighed] = [event for event in events if isinstance(event, Weighed)]
    assert weighed.losses["logistic"] == pytest.approx(math.log(2), abs=1e-3)
    assert weighed.shares["supervised"] == 1


def test_on_features_a_network_competes_with_the_line(moons):
    """A network a fold, and one more only if it is the better; the same run says the same."""
    data, truth = moons
    y = torch.where(torch.arange(200) < 20, truth, -1)

    def run():
        few = {"steps": 6, "epoch_steps": 6, "batch_size": 8, "device": "cpu"}
        return listen(Plain().run(torch.arange(200), y, NeuralFit(data, build("mlp", 2, 2), **few)))

    events, model = run()
    [weighed] = [event for event in events if isinstance(event, Weighed)]
    networks = sum(isinstance(event, Epoch) for event in events)
    assert networks == FOLDS + int(weighed.shares["supervised"])
    assert isinstance(model, NeuralPredictor) == (weighed.shares["supervised"] == 1)
    again, same = run()
    assert weighed in again
    assert same.fingerprint() == model.fingerprint()


def test_on_images_there_is_the_network_alone(images):
    """It is trained once, as `supervised` is, and nothing was compared."""
    data, truth = images
    y = torch.where(torch.arange(24) < 8, truth, -1)
    few = {"steps": 4, "epoch_steps": 4, "batch_size": 4, "device": "cpu"}
    fit = NeuralFit(data, build("small_cnn", 1, 2), **few)
    events, model = listen(Plain().run(torch.arange(24), y, fit))
    assert sum(isinstance(event, Epoch) for event in events) == 1
    assert Weighed({"supervised": 1.0}, {}) in events
    alone = NeuralFit(data, build("small_cnn", 1, 2), **few).by("supervised")
    _, network = listen(alone(torch.arange(8), y[:8]))
    assert model.fingerprint() == network.fingerprint()


def test_who_remembers_the_patient_does_not_win_for_it():
    """Several images a patient: by image the neighbor knows all, by patient next to nothing."""
    rng = np.random.default_rng(3)
    groups = torch.arange(120) // 4
    truth = rng.integers(0, 2, 30)
    x = np.column_stack([rng.normal(0, 3, (30, 8)), rng.normal(0, 1, 30) + 2 * truth])
    x = StandardScaler().fit_transform(x[groups]) + rng.normal(0, 0.01, (120, 9))
    y = torch.from_numpy(truth)[groups]

    def weighed(groups):
        fit = SklearnFit(KNeighborsClassifier(1), x.astype(np.float32), 2, groups=groups)
        events, _ = listen(Plain().run(torch.arange(120), y, fit))
        return next(event for event in events if isinstance(event, Weighed))

    by_image, by_patient = weighed(None), weighed(groups)
    assert by_image.shares["supervised"] == 1
    assert by_image.losses["supervised"] < 0.01
    assert by_patient.shares["logistic"] == 1
    assert by_patient.losses["supervised"] > 1
