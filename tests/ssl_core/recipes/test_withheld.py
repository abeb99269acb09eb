"""What recipes hand on of labels that they kept from their learners: honest answers, row by row."""

import numpy as np
import pytest
import torch
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from ssl_core.evidence.folds import folds, log_loss
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.parts.linear import Linear
from ssl_core.recipes import Ensemble, Plain
from ssl_core.types import Weighed, Withheld
from tests.ssl_core.runs import listen

ROWS = torch.arange(80) + 10  # a pool that begins at row 10


@pytest.fixture
def points():
    """Ninety rows of two overlapping classes; the first forty of the pool are labeled."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 90)
    x = (rng.normal(size=(90, 3)) + truth[:, None] * 1.5).astype(np.float32)
    y = torch.where(torch.arange(80) < 40, torch.from_numpy(truth[10:]), -1)
    return x, y


def event(events, kind):
    [found] = [each for each in events if isinstance(each, kind)]
    return found


def test_plain_hands_on_what_the_better_learner_said(points):
    """Fold by fold the line that has not seen it; the loss is that by which it was chosen."""
    x, y = points
    fit = SklearnFit(KNeighborsClassifier(1), x, 2)  # knows a label by heart, and little else
    events, _ = listen(Plain().run(ROWS, y, fit))
    kept, losses = event(events, Withheld), event(events, Weighed).losses
    assert min(losses, key=losses.get) == "logistic"
    known = torch.arange(40)
    assert torch.equal(kept.rows, ROWS[known])
    assert log_loss(kept.said, y[known]) == pytest.approx(losses["logistic"], abs=1e-6)
    fold = folds(y[known])
    for number in range(5):
        left = y.index_fill(0, known[fold == number], -1)
        line = Linear(fit.embed, ROWS, left, 2, strength=0.1)
        wanted = line.probabilities(ROWS[known[fold == number]])
        torch.testing.assert_close(kept.said[fold == number], wanted)


def test_a_wrong_label_does_not_vouch_for_itself(points):
    """Turned round, one label of a row that all learners know makes its answer no less sure."""
    x, y = points
    fit = SklearnFit(GaussianNB(), x, 2)
    events, _ = listen(Ensemble(k=4).run(ROWS, y, fit))
    before = event(events, Withheld)
    torch.testing.assert_close(before.said.sum(1), torch.ones(40))
    assert torch.equal(before.rows, ROWS[:40])
    own = before.said[torch.arange(40), y[:40]]
    surest = int(own.argmax())
    turned = y.clone()
    turned[surest] = 1 - turned[surest]
    events, _ = listen(Ensemble(k=4).run(ROWS, turned, fit))
    assert event(events, Withheld).said[surest, y[surest]] > 0.9


@pytest.mark.parametrize("recipe", [Ensemble(k=4), Plain()])
def test_where_no_label_can_be_kept_nothing_is_handed_on(points, recipe):
    """All labels are of one group."""
    x, y = points
    fit = SklearnFit(GaussianNB(), x, 2, groups=torch.arange(90) // 50)
    events, _ = listen(recipe.run(ROWS, y, fit))
    assert not [each for each in events if isinstance(each, Withheld)]
