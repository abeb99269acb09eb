"""What the pool holds is read off the answers, and answers can be made as frequent as that."""

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.evidence.masses import Scaled, class_shares, scaled, scales
from ssl_core.training.predict import NeuralPredictor


def drawn(n, classes, seed=0):
    """Random probabilities (n, classes)."""
    return torch.randn(n, classes, generator=torch.Generator().manual_seed(seed)).mul(2).softmax(1)


def voted(counts):
    """Probabilities that say each class so many times, at .9."""
    label = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    p = torch.full((len(label), len(counts)), 0.1 / (len(counts) - 1))
    return p.scatter(1, label[:, None], 0.9)


def test_a_pool_that_is_not_as_the_labels_is_told_by_many_labels():
    """Even labels, all known, and a pool of 3 to 1: .75 and .25, but for what chance explains."""
    y = torch.tensor([0] * 30 + [1] * 30)
    found = class_shares(voted([750, 250]), voted([30, 30]), y, y)
    # Naive: a rate of (30 + .5) / 31 and its counterpart, each with p (1 - p) twice over
    rate = 30.5 / 31
    chance = 2 * (0.5**2 * 2 * rate * (1 - rate) / 30)
    believed = 1 - chance / (2 * 0.25**2)
    assert found[0] == pytest.approx(0.5 + believed * 0.25)
    assert found.sum() == pytest.approx(1)


def test_what_chance_explains_is_not_believed():
    """A pool of 11 to 9 by a learner that errs on three labels of ten: the labels' shares stay."""
    y = torch.tensor([0] * 5 + [1] * 5)
    kept = torch.cat([voted([4, 1]), voted([2, 3])])
    assert class_shares(voted([550, 450]), kept, y, y).tolist() == pytest.approx([0.5, 0.5])


def test_a_learner_that_prefers_a_class_among_labels_too_says_nothing_of_the_pool():
    """It calls a third of the other class the first one, in the pool as among the labels."""
    y = torch.tensor([0] * 60 + [1] * 60)
    kept = torch.cat([voted([60, 0]), voted([20, 40])])
    found = class_shares(voted([800, 400]), kept, y, y)
    assert found.tolist() == pytest.approx([0.5, 0.5], abs=1e-6)


def test_labels_that_were_asked_unevenly_say_nothing_by_their_number():
    """Forty labels of one class and ten of the other, all known, of an even pool."""
    y = torch.tensor([0] * 40 + [1] * 10)
    found = class_shares(voted([500, 500]), voted([40, 10]), y, y)
    assert found.tolist() == pytest.approx([0.5, 0.5])


def test_a_class_without_labels_has_next_to_nothing():
    """Nobody can find it, and the others share the pool."""
    y = torch.tensor([0] * 20 + [1] * 20)
    found = class_shares(voted([500, 500, 0]), voted([20, 20, 0]), y, y)
    assert found[2] < 0.011
    assert found[0] == pytest.approx(float(found[1]))


def test_a_class_with_a_single_label_is_as_the_pool_has_it():
    """Nobody could be asked about it; it is found in a tenth of the pool, by many labels."""
    asked = torch.tensor([0] * 200 + [1] * 200)
    labels = torch.cat([asked, torch.tensor([2])])
    found = class_shares(voted([450, 450, 100]), voted([200, 200, 0]), asked, labels)
    assert found[2] == pytest.approx(0.1, abs=0.01)


def test_many_classes_without_labels_do_not_take_the_pool():
    """A hundred classes with two labels each, and fifty with none: those have a hundredth."""
    y = torch.arange(200) % 100
    kept = torch.eye(150)[y]
    found = class_shares(torch.eye(150)[torch.arange(1000) % 100], kept, y, y)
    assert found[100:].sum() < 0.011
    assert found[0] == pytest.approx(0.01, abs=1e-3)


def test_no_class_is_given_up():
    """One that is never found in the pool keeps a fifth of its share of the labels."""
    y = torch.arange(300) % 3
    kept = torch.eye(3)[y] * 0.9 + 0.1 / 3
    found = class_shares(voted([500, 500, 0]), kept, y, y)
    assert found[2] == pytest.approx(0.2 / 3 / (1 + 0.2 / 3), rel=0.05)


def test_scaled_answers_have_the_shares_on_the_mean():
    """Drawn at random, three classes, also far from the shares they had."""
    said = drawn(500, 3)
    for shares in ([1 / 3, 1 / 3, 1 / 3], [0.8, 0.15, 0.05], [0.05, 0.05, 0.9]):
        wanted = torch.tensor(shares)
        found = scaled(said, scales(said, wanted))
        torch.testing.assert_close(found.sum(1), torch.ones(500))
        torch.testing.assert_close(found.mean(0), wanted, atol=2e-3, rtol=0)


def test_answers_that_have_the_shares_already_stay():
    """All factors are alike."""
    said = drawn(200, 4)
    factors = scales(said, said.mean(0))
    torch.testing.assert_close(factors, torch.ones(4), atol=1e-3, rtol=0)


def test_a_class_that_nobody_gives_anything_to_takes_nothing_with_it():
    """Its column is 0 throughout: the others stay finite and add up to 1."""
    said = torch.cat([drawn(50, 2), torch.zeros(50, 1)], 1)
    found = scaled(said, scales(said, torch.tensor([0.4, 0.4, 0.2])))
    assert found.isfinite().all()
    torch.testing.assert_close(found.sum(1), torch.ones(50))
    assert not found[:, 2].any()


def test_a_scaled_predictor_is_the_one_inside_but_for_its_answers(moons):
    """Features and network are those of the predictor inside; the name depends on the factors."""
    data, _ = moons
    inner = NeuralPredictor(build("mlp", 2, 2).eval(), data)
    rows, factors = torch.arange(6), torch.tensor([1.5, 0.5])
    model = Scaled(inner, factors)
    expected = inner.probabilities(rows) * factors
    torch.testing.assert_close(model.probabilities(rows), expected / expected.sum(1, keepdim=True))
    assert torch.equal(model.embed(rows), inner.embed(rows))
    assert model.model is inner.model
    assert model.fingerprint() != Scaled(inner, torch.ones(2)).fingerprint()
