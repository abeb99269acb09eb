"""The linear learner equals scikit-learn's on standardized features."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ssl_core.errors import SSLError
from ssl_core.parts.linear import Linear


def problem(classes=3, n=80, seed=0):
    """Points of unlike scales, of which a fifth has labels: features, labels, rows in any order."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(classes, n, p=np.arange(classes, 0, -1) / sum(range(classes + 1)))
    x = rng.normal(0, 1, (n, 5)) + 1.5 * rng.normal(0, 1, (classes, 5))[truth]
    x = (x * [1, 10, 0.1, 3, 1] + [0, 50, 0, -7, 2]).astype(np.float32)
    rows = torch.from_numpy(rng.permutation(n)[:60])
    labeled = torch.arange(60) < 20
    return x, rows, torch.where(labeled, torch.from_numpy(truth)[rows], -1)


def learned(x, rows, y, classes=3, **options):
    """The learner on features that are there already."""
    given = {"strength": 0.1} | options
    return Linear(lambda each: torch.from_numpy(x)[each], rows, y, classes, **given)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("strength", [0.1, 3.0])
def test_it_equals_scikit_learn(classes, strength):
    """Scaled by all rows, labeled or not, but by no others; every class weighs the same."""
    x, rows, y = problem(classes)
    known = y >= 0
    scaler = StandardScaler().fit(x[rows])
    theirs = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    theirs.fit(scaler.transform(x[rows[known]]), y[known])
    expected = theirs.predict_proba(scaler.transform(x))
    found = learned(x, rows, y, classes, strength=strength).probabilities(torch.arange(80))
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-4)


def test_a_class_without_labels_has_no_probability():
    """Columns are class numbers: the others answer as if it were not there."""
    x, rows, y = problem(2)
    apart = torch.where(y == 1, 2, y)
    two, three = learned(x, rows, y, 2), learned(x, rows, apart, 3)
    asked = torch.arange(80)
    assert (three.probabilities(asked)[:, 1] == 0).all()
    assert torch.equal(three.probabilities(asked)[:, [0, 2]], two.probabilities(asked))


def test_one_class_alone_is_certain():
    """There is no other to tell it from."""
    x, rows, y = problem()
    found = learned(x, rows, torch.where(y >= 0, 1, -1)).probabilities(torch.arange(5))
    assert found.tolist() == [[0, 1, 0]] * 5


def test_features_that_do_not_vary_change_nothing():
    """Neither a column of zeros nor one of another number, and there is no NaN."""
    x, rows, y = problem()
    plain = learned(x, rows, y).probabilities(torch.arange(80))
    still = np.column_stack([x, np.zeros(80), np.full(80, 0.25)]).astype(np.float32)
    found = learned(still, rows, y).probabilities(torch.arange(80))
    torch.testing.assert_close(found, plain, atol=1e-4, rtol=0)


def test_without_any_label_it_says_so():
    """Nothing to learn from is an error in words."""
    x, rows, y = problem()
    with pytest.raises(SSLError, match="Nothing to learn from"):
        learned(x, rows, torch.full_like(y, -1))


def test_its_name_depends_on_what_it_learned():
    """The same labels, the same name; one label fewer, another."""
    x, rows, y = problem()
    fewer = y.clone()
    fewer[(y >= 0).nonzero()[0]] = -1
    assert learned(x, rows, y).fingerprint() == learned(x, rows, y).fingerprint()
    assert learned(x, rows, fewer).fingerprint() != learned(x, rows, y).fingerprint()
    assert torch.equal(learned(x, rows, y).embed(rows[:3]), torch.from_numpy(x)[rows[:3]])


def test_a_line_that_is_drawn_again_is_the_one_that_others_would_draw():
    """Other labels, the same features: bit for bit what a new one learns; the first stays."""
    x, rows, y = problem()
    first = learned(x, rows, y)
    name = first.fingerprint()
    fewer = torch.where(torch.arange(60) < 12, y, -1)
    assert first.again(fewer).fingerprint() == learned(x, rows, fewer).fingerprint() != name
    assert first.fingerprint() == name
    with pytest.raises(SSLError):
        first.again(torch.full((60,), -1))
