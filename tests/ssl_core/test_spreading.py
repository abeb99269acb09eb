"""Label spreading equals scikit-learn's; what it adds is re-derived by loops."""

import numpy as np
import pytest
import torch
from sklearn.semi_supervised import LabelSpreading

from ssl_core.errors import SSLError
from ssl_core.spreading import DOUBT, Spread


def two_islands(n=30, seed=0):
    """Directions of the plane: n around east (y of two classes), 10 around north without labels."""
    rng = np.random.default_rng(seed)
    angle = np.concatenate([rng.uniform(-0.6, 0.6, n), rng.uniform(1.5, 1.6, 10)])
    length = rng.uniform(0.5, 3, n + 10)
    x = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None]
    y = np.full(n + 10, -1)
    y[:n][np.argsort(angle[:n])[[0, 3]]] = 0
    y[:n][np.argsort(angle[:n])[[-1]]] = 2
    return x.astype(np.float32), y


def spread(x, y, rows=None, **options):
    """Spread over given rows of the points, with three classes."""
    rows = torch.arange(len(x)) if rows is None else rows
    given = {"k": 5, "alpha": 0.2} | options
    return Spread(
        lambda rows: torch.from_numpy(x)[rows], rows, torch.from_numpy(y)[rows], 3, **given
    )


@pytest.mark.parametrize("alpha", [0.2, 0.9])
def test_distributions_equal_scikit_learn_on_normalized_points(alpha):
    """The same diffusion, to the tolerance at which it stops; class 1 has no label and no mass."""
    x, y = two_islands()
    directions = x / np.linalg.norm(x, axis=1, keepdims=True)
    theirs = LabelSpreading(
        kernel="knn", n_neighbors=5, alpha=alpha, tol=1e-9, max_iter=10_000
    ).fit(directions, y)
    ours = spread(x, y, alpha=alpha).distributions
    total = ours.sum(1, keepdims=True)
    ours = ours / np.where(total > 0, total, 1)  # theirs are normalized by row
    np.testing.assert_allclose(ours[:, [0, 2]], theirs.label_distributions_, atol=1e-5)
    assert (ours[:, 1] == 0).all()


def test_the_diffusion_equals_a_loop_over_the_graph():
    """F <- alpha S F + (1 - alpha) Y with S = D^-1/2 W D^-1/2, written out."""
    x, y = two_islands(12)
    n = len(x)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    weight = np.zeros((n, n))
    for i in range(n):
        weight[i, np.argsort(((unit - unit[i]) ** 2).sum(1), kind="stable")[:5]] = 1
    np.fill_diagonal(weight, 0)
    degree = weight.sum(0)  # scikit-learn counts the arrows that come in
    given = np.eye(3)[np.where(y < 0, 1, y)] * (y >= 0)[:, None]
    found = given.copy()
    for _ in range(60):
        new = 0.8 * given
        for i in range(n):
            for j in range(n):
                if weight[i, j]:
                    new[i] += 0.2 * found[j] / np.sqrt(max(degree[i], 1) * max(degree[j], 1))
        found = new
    np.testing.assert_allclose(spread(x, y).distributions, found, atol=1e-8)


def test_rows_that_no_label_reaches_have_the_prior():
    """The northern island has no label: smoothed shares of the labels, and never NaN."""
    x, y = two_islands()
    model = spread(x, y)
    prior = torch.tensor([3, 1, 2]) / 6
    torch.testing.assert_close(model(torch.arange(30, 40)), prior.expand(10, 3))
    assert not model.reached(torch.arange(30, 40)).any()


def test_class_mass_is_normalized_and_doubt_goes_to_the_prior():
    """Each class's column is scaled so that its mass is its prior, then rows sum to one."""
    x, y = two_islands()
    model = spread(x, y)
    mass = [sum(row[c] for row in model.distributions) for c in range(3)]
    prior = [3 / 6, 1 / 6, 2 / 6]
    reached = model.reached(torch.arange(40)).nonzero().squeeze(1).tolist()
    assert len(reached) > 10
    for row in reached:
        scaled = [
            model.distributions[row][c] * prior[c] / mass[c] if mass[c] else 0.0 for c in range(3)
        ]
        expected = [(1 - DOUBT) * scaled[c] / sum(scaled) + DOUBT * prior[c] for c in range(3)]
        assert model(torch.tensor([row]))[0].tolist() == pytest.approx(expected, rel=1e-5)


def test_a_new_row_answers_with_the_mean_of_its_neighbors():
    """Rows outside the graph are looked up in it; their order does not matter."""
    x, y = two_islands()
    rows = torch.arange(1, 40, 2)
    model = spread(x, y, rows)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    asked = torch.tensor([4, 7, 20])
    nearest = np.argsort(((unit[rows] - unit[20]) ** 2).sum(1))[:5]
    scaled = model.distributions[nearest].mean(0) * model.scale
    expected = (1 - DOUBT) * scaled / scaled.sum() + DOUBT * model.prior
    np.testing.assert_allclose(model(asked)[2].numpy(), expected, rtol=1e-5)
    assert torch.equal(model(asked.flip(0)).flip(0), model(asked))


def test_without_any_label_it_says_so():
    """Nothing to learn from is an error in words."""
    x, y = two_islands()
    with pytest.raises(SSLError, match="Nothing to learn from"):
        spread(x, np.full_like(y, -1))
