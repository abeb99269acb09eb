"""Every method in METHODS keeps the contract; a new one is covered when it is in the table."""

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.errors import SSLError
from ssl_core.method import Method
from ssl_core.methods import METHODS, build_method
from ssl_core.methods.entropy_min import EntropyMinimization
from ssl_core.methods.sum import Sum
from ssl_core.methods.vat import VAT
from ssl_core.training.trainer import SemiSupervisedTrainer
from tests.ssl_core.contract import (
    check_doubtful_rows_count,
    check_gradient,
    check_mean_over_rows,
    check_weighs_in,
    eager,
    keywords,
    masked,
    problem,
)

every = pytest.mark.parametrize("name", METHODS)
unsupervised = pytest.mark.parametrize("name", [n for n in METHODS if n != "supervised"])
kinds = pytest.mark.parametrize("kind", ["images", "vectors"])


@kinds
@unsupervised
def test_the_unsupervised_term_teaches_the_student_and_not_the_teacher(name, kind):
    """Its gradient is non-zero on the student and absent on the teacher."""
    check_gradient(eager(name), kind)


@kinds
@unsupervised
def test_the_unlabeled_rows_weigh_in(name, kind):
    """The total is supervised + weight * unsupervised, finite, with a share from 0 to 1."""
    check_weighs_in(eager(name), kind)


@pytest.mark.parametrize("name", [n for n in METHODS if n != "supervised" and not METHODS[n].joint])
def test_the_term_is_the_mean_over_all_rows(name):
    """Not over the confident ones alone; asked of every method whose rows do not see each other."""
    check_mean_over_rows(METHODS[name])


@pytest.mark.parametrize("name", [n for n in masked() if "strong" in METHODS[n].views])
def test_a_doubtful_row_takes_its_share_off_the_mean(name):
    """Also where rows see each other through a threshold."""
    check_doubtful_rows_count(METHODS[name])


@kinds
@every
def test_same_seed_same_loss(name, kind):
    """All randomness comes from torch's generator, which the trainer owns and saves."""
    totals = []
    for _ in range(2):
        one = problem(kind)
        totals.append(one.losses(eager(name)(one.task), one.batch()).total.item())
    assert totals[0] == totals[1]


@kinds
@every
def test_one_row_of_each_is_enough(name, kind):
    """A batch with B = 1 and M = 1 has finite losses."""
    one = problem(kind)
    assert one.losses(eager(name)(one.task), one.batch(1, 1)).total.isfinite()


@kinds
@every
def test_a_class_without_labels_is_no_obstacle(name, kind):
    """Only class 0 is in the batch; the losses and their gradients stay finite."""
    one = problem(kind)
    batch = one.batch()
    batch.y.zero_()
    one.losses(eager(name)(one.task), batch).total.backward()
    assert all(p.grad.isfinite().all() for p in one.student.parameters())


@every
def test_certain_predictions_give_no_nan(name):
    """Logits of thousands, so probabilities of exactly 0 and 1: loss and gradient stay finite."""
    one = problem("vectors")
    with torch.no_grad():
        one.student.head.weight.mul_(1e5)
        one.teacher.head.weight.mul_(1e5)
    one.losses(eager(name)(one.task), one.batch()).total.backward()
    assert all(p.grad.isfinite().all() for p in one.student.parameters())


@kinds
@pytest.mark.parametrize("name", [n for n in METHODS if "threshold" in keywords(METHODS[n])])
def test_nothing_confident_is_zero_and_not_nan(name, kind):
    """With a threshold that no fresh network reaches, the term is 0 and nothing was used."""
    one = problem(kind)
    made = one.losses(build_method(name, one.task, threshold=1.0), one.batch())
    assert made.unsupervised.isfinite()
    # Where rows see each other, a threshold may start low or follow the batch: some rows teach
    if not METHODS[name].joint:
        assert made.unsupervised.item() == 0
        assert float(made.used) == 0


@kinds
@every
def test_state_survives_saving_in_the_middle(name, kind):
    """A method that loads another's state makes the same next loss."""
    one = problem(kind)
    method, other = eager(name)(one.task), eager(name)(one.task)
    one.losses(method, one.batch(seed=1))
    other.load_state_dict(method.state_dict())
    again = [one.losses(m, one.batch()).total.item() for m in (method, other)]
    assert again[0] == again[1]


@every
def test_batch_statistics_move_once_a_step(name):
    """Passes that only look (guesses, pushes, turns) leave the running statistics alone."""
    one = problem("images")
    one.losses(eager(name)(one.task), one.batch())
    moved = {int(v) for k, v in one.student.state_dict().items() if "num_batches" in k}
    assert moved == {1}
    norms = [m for m in one.student.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert all(norm.track_running_stats for norm in norms)


@every
def test_soft_labels_train_as_well(name):
    """Labels (B, C) that are one-hot give the loss of the classes (B,)."""
    one = problem("vectors")
    batch = one.batch()
    hard = one.losses(eager(name)(one.task), batch).total
    object.__setattr__(batch, "y", torch.nn.functional.one_hot(batch.y, 3).float())
    torch.testing.assert_close(one.losses(eager(name)(one.task), batch).total, hard)


@every
def test_training_moves_the_weights(name, images):
    """Six steps change the network."""
    data, truth = images
    y = torch.where(torch.arange(24) < 8, truth, -1)
    model = build("small_cnn", 1, 2)
    before = model.head.weight.detach().clone()
    list(SemiSupervisedTrainer(model, name, steps=6, batch_size=4, mu=2, device="cpu").run(data, y))
    assert not torch.equal(before, model.head.weight)


@pytest.mark.parametrize("name", [n for n in METHODS if "ramp" in keywords(METHODS[n])])
def test_the_weight_ramps(name):
    """It rises without a fall over half of training, then stays; without a ramp it is whole."""
    one = problem("vectors")
    ramped, whole = (build_method(name, one.task, ramp=ramp) for ramp in (0.5, 0.0))
    weights = [one.losses(ramped, one.batch(), at).weight for at in (0, 0.1, 0.3, 0.5, 0.7, 1)]
    full = one.losses(whole, one.batch(), 0.0).weight
    assert weights[0] < 0.01 * full
    assert weights == sorted(weights)
    assert weights[0] < weights[1] < weights[2] < full
    assert weights[3:] == [full] * 3


def test_a_sum_adds_the_terms_of_its_parts():
    """Each with its weight; views are joined and the supervised term is not doubled."""
    one = problem("vectors")
    parts = [VAT(one.task, weight=2.0), EntropyMinimization(one.task, weight=0.5)]
    both = Sum(one.task, *parts)
    made, alone = one.losses(both, one.batch()), [one.losses(p, one.batch()) for p in parts]
    assert both.views == ("weak",)
    torch.testing.assert_close(
        made.total,
        alone[0].supervised + 2.0 * alone[0].unsupervised + 0.5 * alone[1].unsupervised,
    )


def test_a_sum_trains_like_any_method(images):
    """VAT with entropy minimization in one line, into the trainer."""
    data, truth = images
    y = torch.where(torch.arange(24) < 8, truth, -1)
    one = problem("images")
    method: Method = Sum(one.task, VAT(one.task), EntropyMinimization(one.task))
    check_gradient(lambda task: Sum(task, VAT(task), EntropyMinimization(task)), "images")
    model = build("small_cnn", 1, 2)
    before = model.head.weight.detach().clone()
    list(SemiSupervisedTrainer(model, method, steps=3, batch_size=4, device="cpu").run(data, y))
    assert not torch.equal(before, model.head.weight)


def test_an_empty_sum_says_what_it_needs():
    """No method, no loss."""
    with pytest.raises(SSLError, match="at least one method"):
        Sum(problem("vectors").task)


def test_an_unknown_method_lists_the_right_ones():
    """The message guesses what was meant and names the choices."""
    with pytest.raises(SSLError, match=r"Did you mean 'fixmatch'\? Choose one of: .*fixmatch, "):
        build_method("fixmach", problem("vectors").task)


def test_an_unknown_parameter_lists_the_right_ones():
    """A typing error in a hyper-parameter is not swallowed."""
    with pytest.raises(SSLError, match=r"parameter of method fixmatch named 'treshold'.*threshold"):
        build_method("fixmatch", problem("vectors").task, treshold=0.9)


@pytest.mark.parametrize("name", [n for n in METHODS if "threshold" in keywords(METHODS[n])])
def test_a_value_out_of_range_says_the_range(name):
    """Thresholds are probabilities."""
    with pytest.raises(SSLError, match="threshold must be a number from 0 to 1, not 95"):
        build_method(name, problem("vectors").task, threshold=95)


@every
def test_the_docstring_says_what_it_does(name):
    """In its first line; the sentences of the hyper-parameters are the catalog's to check."""
    assert METHODS[name].__doc__.splitlines()[0].endswith(".")
