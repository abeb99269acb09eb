"""Co-training adds a row once, with one label, and leaves contradictions alone."""

from types import SimpleNamespace

import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from ssl_core.data.sources import FeatureData
from ssl_core.fits.altered import Half
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.recipes.co_training import CoTraining, agreed, surest
from ssl_core.types import Round, Stopped
from tests.ssl_core.runs import listen


def problem():
    """Two sources, each enough by itself: 300 rows of three classes, 15 labeled."""
    truth = np.arange(300) % 3
    rng = np.random.default_rng(2)
    centers = rng.normal(0, 2, (2, 3, 5))
    one, other = (centers[i][truth] + rng.normal(0, 1, (300, 5)) for i in (0, 1))
    y = torch.where(torch.arange(300) < 15, torch.from_numpy(truth), -1)
    return one, other, y, truth


def test_a_row_is_added_once_and_known_labels_stay():
    """Over all turns no row comes twice, none that was labeled, at most 2 k C in a turn."""
    one, other, y, truth = problem()
    fit = SklearnFit(LogisticRegression(), one, 3, second=other)
    given = y.clone()
    events, model = listen(CoTraining(k=2, pool=40).run(torch.arange(300), y, fit))
    added = [event.rows for event in events if isinstance(event, Round)]
    together = torch.cat(added)
    assert len(together.unique()) == len(together) > 100
    assert (y[together] == -1).all()
    assert torch.equal(y, given)
    assert max(len(rows) for rows in added) <= 2 * 2 * 3
    right = (model.probabilities(torch.arange(300)).argmax(1).numpy() == truth).mean()
    alone = LogisticRegression().fit(one[:15], truth[:15]).predict(one)
    assert right > (alone == truth).mean()


def test_rows_come_from_a_pool_that_is_refilled():
    """In the first turn only rows of a pool of 20 are looked at; in the end all are labeled."""
    one, other, y, _ = problem()
    inner = SklearnFit(GaussianNB(), one, 3, second=other)
    looked = []

    class Spy:
        num_classes, methods, embed = 3, ("supervised",), None

        def views(self):
            return Watching(inner.views()[0]), inner.views()[1]

    class Watching:
        def __init__(self, fit):
            self.fit = fit

        def __call__(self, rows, labels):
            model = yield from self.fit(rows, labels)

            def watched(asked):
                looked.append(asked)
                return model.probabilities(asked)

            return SimpleNamespace(probabilities=watched)

    events, _ = listen(CoTraining(k=5, pool=20, max_iter=100).run(torch.arange(300), y, Spy()))
    assert all(len(pool) <= 20 for pool in looked)
    assert len(torch.cat(looked).unique()) == 285
    rounds = [event for event in events if isinstance(event, Round)]
    for pool, event in zip(looked, rounds, strict=False):
        assert set(event.rows.tolist()) <= set(pool.tolist())
    assert events[-1] == Stopped("every image is labeled")


def test_conflicting_labels_add_nothing():
    """What one view calls 0 and the other 1 is not labeled; what one alone keeps is."""
    one = torch.tensor([[0.9, 0.0], [0.8, 0.0], [0.0, 0.0], [0.0, 0.0]])
    other = torch.tensor([[0.0, 0.7], [0.95, 0.0], [0.0, 0.6], [0.0, 0.0]])
    label, confidence = agreed(one, other)
    assert label.tolist() == [-1, 0, 1, -1]
    assert confidence[1].item() == torch.tensor(0.95)


def test_the_surest_of_each_class_are_kept():
    """k of those that the model calls so, and none of another class."""
    p = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])
    kept = surest(p, 2)
    assert kept.tolist() == torch.tensor([[0.9, 0], [0.8, 0], [0, 0], [0, 0.6]]).tolist()


class Opposed:
    """Two views that are certain of the opposite."""

    num_classes, methods, embed = 2, ("supervised",), None

    def __init__(self, shift=0):
        self.shift = shift

    def views(self):
        return Opposed(0), Opposed(1)

    def __call__(self, _rows, _labels):
        return SimpleNamespace(probabilities=lambda asked: torch.eye(2)[(asked + self.shift) % 2])
        yield


def test_views_that_contradict_each_other_stop():
    """Nothing is added, and the reason says so."""
    y = torch.where(torch.arange(30) < 4, torch.arange(30) % 2, -1)
    events, _ = listen(CoTraining(k=100).run(torch.arange(30), y, Opposed()))
    assert [type(event) for event in events] == [Stopped]
    assert "contradict" in events[0].reason


def test_the_halves_share_no_column():
    """Even columns and odd ones, also of an odd width, each as wide as the whole."""
    x, _ = make_classification(6, 5, n_informative=3, random_state=0)
    x = x.astype(np.float32)
    data = FeatureData(x, x[None], x[None])
    rows = torch.arange(6)
    one, other = (Half(data, first).clean(rows).numpy() for first in (0, 1))
    assert one.shape == other.shape == x.shape
    np.testing.assert_array_equal(one, x[:, [0, 0, 2, 2, 4]])
    np.testing.assert_array_equal(other, x[:, [1, 1, 3, 3, 3]])
