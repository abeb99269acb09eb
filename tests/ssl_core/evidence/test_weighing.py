"""Labels that were kept back say who counts how much, and how sure the answer may be."""

import itertools
import math

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.evidence.weighing import (
    CAUTION,
    FLOOR,
    Tempered,
    importance,
    pooled,
    temperature,
    tempered,
    weigh,
)
from ssl_core.measure.calibration import SPREAD
from ssl_core.training.predict import NeuralPredictor


def guesser(y, classes, skill, seed):
    """Probabilities (n, classes) that know the class with this chance and say so with .8."""
    g = torch.Generator().manual_seed(seed)
    said = torch.where(
        torch.rand(len(y), generator=g) < skill,
        y,
        torch.randint(classes, (len(y),), generator=g),
    )
    p = torch.full((len(y), classes), 0.2 / (classes - 1))
    return p.scatter(1, said[:, None], 0.8)


def test_weights_make_labels_as_frequent_as_the_shares_say():
    """Six labels of one class and two of the other stand for a pool that is half and half."""
    y = torch.tensor([0, 0, 0, 0, 0, 0, 1, 1])
    found = importance(y, torch.tensor([0.5, 0.5]))
    assert found.mean() == pytest.approx(1)
    assert found[y == 0].sum() == pytest.approx(found[y == 1].sum())


@pytest.mark.parametrize("n", [6, 60, 600])
def test_the_exponents_are_the_best_ones_beside_the_caution(n):
    """No other exponents nearby, and none on a grid, have a lower loss than those found."""
    y = torch.arange(n) % 3
    said = [guesser(y, 3, skill, seed) for seed, skill in enumerate((0.9, 0.6, 0.1))]
    weights = torch.linspace(0.5, 1.5, n)
    weights = weights / weights.mean()

    def loss(exponents):
        given = pooled(exponents)(torch.stack(said)).gather(1, y[:, None]).squeeze(1)
        away = sum((each - 1 / 3) ** 2 for each in exponents)
        return float(-(given.double().log() * weights).sum()) + 0.5 * CAUTION / n * away

    found = weigh(said, y, weights)
    best = loss(found)
    steps = [0.0, 0.2, 0.5, 1.0, 1.5]
    near = [-0.02, 0.0, 0.02]
    grid = list(itertools.product(steps, repeat=3))
    grid += [
        [max(0.0, each + step) for each, step in zip(found, moved, strict=True)]
        for moved in itertools.product(near, repeat=3)
    ]
    assert all(loss(each) >= best - 1e-3 for each in grid)


def test_few_labels_leave_all_learners_nearly_alike_and_many_do_not():
    """Of a good and a misleading learner, the misleading one loses its say as labels come."""
    shares = []
    for n in (2, 40, 400):
        y = torch.arange(n) % 2
        found = weigh([guesser(y, 2, 1.0, 0), 1 - guesser(y, 2, 1.0, 1)], y, torch.ones(n))
        shares.append(found[1] / sum(found))
    assert shares[0] > shares[1] >= shares[2]
    assert shares[0] > 0.2
    assert shares[2] < 0.02


def test_a_pool_is_the_product_of_powers():
    """(.8, .2) squared times (.5, .5) is (.64, .04) but for their sum; nobody rules a class out."""
    one, other = torch.tensor([[0.8, 0.2]]), torch.tensor([[0.5, 0.5]])
    found = pooled([2.0, 1.0])(torch.stack([one, other]))
    torch.testing.assert_close(found, torch.tensor([[0.64, 0.04]]) / 0.68)
    certain = torch.tensor([[0.0, 1.0]])
    found = pooled([1.0, 1.0])(torch.stack([certain, torch.tensor([[1 - FLOOR, FLOOR]])]))
    torch.testing.assert_close(found, torch.tensor([[0.5, 0.5]]), atol=1e-3, rtol=0)


def test_tempered_answers_are_powers():
    """At a temperature of one half, probabilities are squared; at 1 they stay."""
    p = torch.tensor([[0.6, 0.3, 0.1]])
    torch.testing.assert_close(tempered(p, 1.0), p)
    square = p**2
    torch.testing.assert_close(tempered(p, 0.5), square / square.sum())


def test_the_temperature_minimizes_the_log_loss_beside_a_prior_about_1():
    """Re-derived on a grid."""
    y = torch.arange(50) % 2
    said, weights = guesser(y, 2, 0.3, 3), torch.ones(50)

    def loss(log):
        given = tempered(said, math.exp(log)).gather(1, y[:, None])
        return float(-given.log().sum()) + 0.5 * (log / SPREAD) ** 2

    best = min((k / 200 for k in range(-600, 601)), key=loss)
    assert math.log(temperature(said, y, weights)) == pytest.approx(best, abs=0.01)


def test_who_is_too_sure_is_cooled_down_and_who_doubts_too_much_is_not():
    """60 % right at a confidence of .8 is too sure; always right at .8 is not sure enough."""
    y = torch.arange(400) % 2
    ones = torch.ones(400)
    assert temperature(guesser(y, 2, 0.2, 0), y, ones) > 1
    assert temperature(guesser(y, 2, 1.0, 0), y, ones) < 1


def test_a_handful_of_right_guesses_makes_nobody_certain():
    """Five labels, all known: the answer of .8 stays below .95."""
    y = torch.arange(5) % 2
    said = guesser(y, 2, 1.0, 0)
    sure = tempered(said, temperature(said, y, torch.ones(5))).amax(1)
    assert 0.8 < float(sure.max()) < 0.95


def test_a_tempered_predictor_changes_how_sure_it_is_and_nothing_else(moons):
    """Same class, same features, same network; another name."""
    data, _ = moons
    inner = NeuralPredictor(build("mlp", 2, 2).eval(), data)
    rows = torch.arange(8)
    model = Tempered(inner, 2.0)
    said = model.probabilities(rows)
    torch.testing.assert_close(said, tempered(inner.probabilities(rows), 2.0))
    assert torch.equal(said.argmax(1), inner.probabilities(rows).argmax(1))
    assert torch.equal(model.embed(rows), inner.embed(rows))
    assert model.model is inner.model
    assert model.fingerprint() != Tempered(inner, 1.0).fingerprint()
