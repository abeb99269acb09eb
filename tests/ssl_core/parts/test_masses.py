"""What the pool holds is read off the answers, and answers can be made as frequent as that."""

import torch

from ssl_core.backbones import build
from ssl_core.parts.masses import Scaled, class_shares, scaled, scales
from ssl_core.training.predict import NeuralPredictor


def drawn(n, classes, seed=0):
    """Random probabilities (n, classes)."""
    return torch.randn(n, classes, generator=torch.Generator().manual_seed(seed)).mul(2).softmax(1)


def test_shares_count_the_likeliest_classes_as_so_many_rows_beside_half_a_row_of_each():
    """Four of five say the first class: with 10 labels, (8 + .5, 2 + .5, 0 + .5) of 11.5."""
    said = torch.tensor([[0.6, 0.3, 0.1]] * 4 + [[0.2, 0.7, 0.1]])
    found = class_shares(said, 10)
    torch.testing.assert_close(found, torch.tensor([8.5, 2.5, 0.5]) / 11.5)


def test_few_labels_say_little_of_the_pool():
    """The same answers of a learner with 2 labels are nearer to even than with 200."""
    said = torch.tensor([[0.9, 0.1]] * 9 + [[0.1, 0.9]])
    few, many = class_shares(said, 2), class_shares(said, 200)
    assert 0.5 < few[0] < many[0] < 0.9


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
