"""What methods share: directions, mixing, alignment, damage, and passes without a trace."""

import math

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.methods.vat import VAT
from ssl_core.parts import perturbations
from ssl_core.parts.adversarial import adversarial, unit
from ssl_core.parts.alignment import Alignment
from ssl_core.parts.losses import entropy, kl, sharpen
from ssl_core.parts.mixing import larger, mix, shares
from ssl_core.parts.passes import frozen_batchnorm, without_dropout
from ssl_core.parts.ramps import RISES, Ramp, cosine_ramp, sigmoid_ramp
from tests.ssl_core.contract import problem


def test_the_adversarial_direction_of_a_linear_softmax_model_is_the_closed_form():
    """H d scaled to length 1, with H = W (diag p - p pᵀ) Wᵀ, row by row."""
    g = torch.Generator().manual_seed(0)
    weights = torch.randn(5, 3, generator=g, dtype=torch.float64)
    x = torch.randn(4, 5, generator=g, dtype=torch.float64)
    torch.manual_seed(1)
    drawn = unit(torch.randn_like(x))
    torch.manual_seed(1)
    found = adversarial(lambda v: v @ weights, x, x @ weights, xi=1e-5, n_power=1)
    for row, d, direction in zip(x, drawn, found, strict=True):
        p = (row @ weights).softmax(0)
        hessian = weights @ (p.diag() - p.outer(p)) @ weights.T
        torch.testing.assert_close(direction, hessian @ d / (hessian @ d).norm(), atol=1e-4, rtol=0)


def test_power_steps_approach_the_first_eigenvector():
    """After thirty steps the direction is the one in which the prediction changes most."""
    g = torch.Generator().manual_seed(0)
    weights = torch.randn(5, 3, generator=g, dtype=torch.float64)
    x = torch.randn(1, 5, generator=g, dtype=torch.float64)
    p = (x @ weights).softmax(1)[0]
    first = torch.linalg.eigh(weights @ (p.diag() - p.outer(p)) @ weights.T).eigenvectors[:, -1]
    found = adversarial(lambda v: v @ weights, x, x @ weights, xi=1e-5, n_power=30)[0]
    assert abs(float(found @ first)) == pytest.approx(1, abs=1e-4)


def test_vat_is_the_divergence_at_the_end_of_the_push():
    """On points of the plane: KL, row by row, between the point and the pushed point."""
    one = problem("vectors")
    u = one.batch().u["weak"]
    made = one.losses(VAT(one.task, xi=0.1, epsilon=0.5), one.batch()).unsupervised
    torch.manual_seed(0)
    push = adversarial(one.student, u, one.student(u), xi=0.1, n_power=1)
    assert push.norm(dim=1).tolist() == pytest.approx([1.0] * 6)
    with torch.no_grad():
        before, after = one.student(u).softmax(1), one.student(u + 0.5 * push).softmax(1)
    rows = zip(before.tolist(), after.tolist(), strict=True)
    total = sum(a * math.log(a / b) for p, q in rows for a, b in zip(p, q, strict=True))
    assert made.item() == pytest.approx(total / 6, rel=1e-3)


def test_vat_with_entropy_adds_the_mean_entropy():
    """The option is the sum of the two terms."""
    one = problem("vectors")
    both, alone = (
        one.losses(VAT(one.task, entropy=e), one.batch()).unsupervised for e in (0.5, 0.0)
    )
    torch.testing.assert_close(both, alone + 0.5 * entropy(one.student(one.batch().u["weak"])))


def test_the_search_for_a_direction_leaves_gradients_alone():
    """What was accumulated in the weights is there after it."""
    one = problem("vectors")
    one.student(one.batch().x).sum().backward()
    before = [p.grad.clone() for p in one.student.parameters()]
    u = one.batch().u["weak"]
    adversarial(one.student, u, one.student(u), xi=1.0, n_power=2)
    after = [p.grad for p in one.student.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_vat_keeps_the_statistics_of_the_one_pass_that_is_not_its_own():
    """Running means equal those after a plain pass of labeled and unlabeled rows together."""
    one, plain = problem("images"), problem("images").student
    batch = one.batch()
    one.losses(VAT(one.task), batch)
    plain(torch.cat([batch.x, batch.u["weak"]]))
    for name, value in plain.named_buffers():
        torch.testing.assert_close(one.student.get_buffer(name), value)


def test_vat_makes_no_difference_without_a_push_even_under_dropout():
    """An epsilon of 0 gives a divergence of 0: nothing else changes between its passes."""
    one = problem("vectors")
    one.student.head = torch.nn.Sequential(torch.nn.Dropout(0.5), one.student.head)
    assert one.losses(VAT(one.task, epsilon=0.0), one.batch()).unsupervised.item() == 0
    assert one.student.head[0].training


def test_frozen_norms_use_the_batch_but_keep_nothing():
    """Same output as a training pass, running statistics untouched, also after an error."""
    model, other = build("small_cnn", 1, 2).train(), build("small_cnn", 1, 2).train()
    x = torch.rand(6, 1, 8, 8)
    before = {k: v.clone() for k, v in model.named_buffers()}
    with frozen_batchnorm(model):
        torch.testing.assert_close(model(x), other(x))
    with pytest.raises(RuntimeError), frozen_batchnorm(model):
        model(x[:, 0, 0])
    assert all(torch.equal(before[k], v) for k, v in model.named_buffers())
    model(x)
    assert any(not torch.equal(before[k], v) for k, v in model.named_buffers())


def test_dropout_that_was_off_stays_off():
    """Only what was on is switched, and back."""
    model = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Dropout(0.5).eval())
    with without_dropout(model):
        assert torch.equal(model(torch.ones(50)), torch.ones(50))
    assert [layer.training for layer in model] == [True, False]


def test_each_row_has_its_own_share_and_it_is_the_larger_half():
    """A thousand draws at several shapes: never below a half, hardly two alike."""
    for alpha in (0.01, 0.75, 100):
        share = larger(shares(torch.zeros(1000, 2), alpha))
        assert share.shape == (1000,)
        assert float(share.min()) >= 0.5
        assert float(share.max()) <= 1.0
    assert len(larger(shares(torch.zeros(1000, 2), 0.75)).unique()) > 900


def test_mixing_is_row_by_row():
    """Each row by its own share, over all its other dimensions."""
    first, second = torch.ones(2, 1, 3, 3), torch.zeros(2, 1, 3, 3)
    found = mix(first, second, torch.tensor([0.25, 1.0]))
    assert found[0].unique().tolist() == [0.25]
    assert found[1].unique().tolist() == [1.0]


def test_alignment_turns_the_mean_prediction_towards_the_labeled_prior():
    """A model that says class 0 half of the time where a fifth of the labels do."""
    prior = torch.tensor([0.2, 0.8])
    align = Alignment(prior, decay=0.5)
    p = torch.tensor([[0.9, 0.1], [0.1, 0.9]])
    for _ in range(30):
        found = align(p)
    torch.testing.assert_close(align.mean, torch.tensor([0.5, 0.5]))
    expected = torch.tensor([[0.9 * 0.4, 0.1 * 1.6], [0.1 * 0.4, 0.9 * 1.6]])
    torch.testing.assert_close(found, expected / expected.sum(1, keepdim=True))


def test_a_model_that_agrees_with_the_prior_is_not_aligned():
    """The mean starts at the prior, so even the first guesses stay as they are."""
    prior = torch.tensor([0.2, 0.8])
    p = prior.repeat(4, 1)
    torch.testing.assert_close(Alignment(prior, decay=0.9)(p), p)


def test_sharpening_keeps_certain_and_tiny_probabilities():
    """No NaN from zeros, nor from powers that would underflow."""
    p = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.3, 0.2], [1 / 3, 1 / 3, 1 / 3]])
    assert sharpen(p, 0.01)[0].tolist() == [1, 0, 0]
    assert sharpen(p, 0.01)[1].tolist() == pytest.approx([1, 0, 0], abs=1e-6)
    torch.testing.assert_close(sharpen(p, 0.5)[1], torch.tensor([0.25, 0.09, 0.04]) / 0.38)
    torch.testing.assert_close(sharpen(p, 1.0), p)


def test_entropy_and_divergence_bear_probabilities_of_zero():
    """0 log 0 is 0, and the gradient is a number."""
    logits = torch.tensor([[2e4, 0.0], [0.0, 0.0]], requires_grad=True)
    value = entropy(logits)
    value.backward()
    assert value.item() == pytest.approx(0.5 * 0.693147, rel=1e-5)
    assert logits.grad.isfinite().all()
    assert kl(logits, logits).item() == 0


def test_ramps_start_low_and_end_whole():
    """At a quarter, half and end of the ramp."""
    assert [cosine_ramp(t, 1) for t in (0, 0.5, 1)] == pytest.approx([0, 0.5, 1])
    assert sigmoid_ramp(0.25, 0.5) == pytest.approx(2.718281828**-1.25)
    assert sigmoid_ramp(0, 0) == cosine_ramp(0, 0) == 1


@pytest.mark.parametrize("damage", perturbations.PERTURBATIONS, ids=lambda d: d.__name__)
def test_damage_changes_the_features_and_passes_the_gradient(damage):
    """Something changes in each row, not all is lost, and the encoder can learn from it."""
    torch.manual_seed(0)
    z = torch.rand(8, 20).requires_grad_()
    head = torch.nn.Linear(20, 3)
    found = damage(z, head)
    assert ((found != z).sum(1) > 0).all()
    assert (found.abs().sum(1) > 0).all()
    found.sum().backward()
    assert z.grad.abs().sum() > 0
    assert head.weight.grad is None


def test_cutout_takes_a_run_of_two_fifths():
    """Eight of twenty, neighbors in a circle."""
    found = perturbations.cutout(torch.ones(50, 20), torch.nn.Identity())
    assert (found == 0).sum(1).tolist() == [8] * 50
    borders = (found != found.roll(1, 1)).sum(1)
    assert borders.tolist() == [2] * 50


def test_the_strongest_features_are_dropped():
    """The largest always goes; below 0.6 of it nothing does."""
    z = torch.tensor([[1.0, -2.0, 10.0, 5.9, -9.95]]).repeat(30, 1)
    found = perturbations.drop_strongest(z, torch.nn.Identity())
    assert torch.equal(found[:, :2], z[:, :2])
    assert torch.equal(found[:, 3], z[:, 3])
    assert (found[:, [2, 4]] == 0).all()


@pytest.mark.parametrize("rise", RISES)
def test_a_ramp_is_the_weight_times_the_rise(rise):
    """Each kind, at the beginning, on the way and after it."""

    class Rising(Ramp):
        weight, ramp = 3.0, 0.5

    Rising.rise = rise
    for progress in (0.0, 0.2, 0.5, 0.9):
        t = min(progress / 0.5, 1)
        expected = {
            "linear": t,
            "sigmoid": math.exp(-5 * (1 - t) ** 2),
            "cosine": math.sin(t * math.pi / 2) ** 2,
        }
        assert Rising().risen(progress) == pytest.approx(3 * expected[rise])
