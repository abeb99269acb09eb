"""Every method in METHODS keeps the contract; a new one is covered when it is in the table."""

import math

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.errors import SSLError
from ssl_core.methods import METHODS, build_method
from ssl_core.trainer import SemiSupervisedTrainer

every = pytest.mark.parametrize("name", METHODS)
unsupervised = pytest.mark.parametrize("name", [n for n in METHODS if n != "supervised"])


def keywords(name):
    """The hyper-parameters of a method."""
    return METHODS[name].__init__.__kwdefaults__ or {}


def eager(name, task):
    """A method that lets every unlabelled row teach, where it has a threshold."""
    options = {"threshold": 0.0} if "threshold" in keywords(name) else {}
    return build_method(name, task, **options)


def losses(method, batch, pair, progress=0.9):
    """One batch's losses."""
    return method.losses(batch, *pair, progress)


@unsupervised
def test_the_unsupervised_term_teaches_the_student_and_not_the_teacher(name, task, batch, pair):
    """Its gradient is non-zero on the student and absent on the teacher."""
    losses(eager(name, task), batch(), pair).unsupervised.backward()
    student, teacher = pair
    assert sum(float(p.grad.abs().sum()) for p in student.parameters()) > 0
    assert all(p.grad is None for p in teacher.parameters())


@every
def test_same_batch_same_loss(name, task, batch, pair):
    """Nothing is drawn from a hidden generator."""
    method = eager(name, task)
    totals = [losses(method, batch(), pair).total.item() for _ in range(2)]
    assert totals[0] == totals[1]


@every
def test_total_is_the_weighted_sum(name, task, batch, pair):
    """supervised + weight * unsupervised, all finite, and a share between 0 and 1."""
    made = losses(eager(name, task), batch(), pair)
    expected = made.supervised + made.weight * made.unsupervised
    assert made.total.item() == pytest.approx(expected.item())
    assert math.isfinite(made.total.item())
    assert 0 <= float(made.used) <= 1


@every
def test_one_labelled_row_is_enough(name, task, batch, pair):
    """A batch with B = 1 has finite losses."""
    assert losses(eager(name, task), batch(labelled=1), pair).total.isfinite()


@every
def test_a_class_without_labels_is_no_obstacle(name, task, batch, pair):
    """Only class 0 is in the batch; the losses stay finite."""
    one = batch()
    one.y.zero_()
    assert losses(eager(name, task), one, pair).total.isfinite()


@unsupervised
def test_nothing_confident_is_zero_and_not_nan(name, task, batch, pair):
    """With a threshold that no fresh network reaches, the term is 0 and nothing was used."""
    if "threshold" not in keywords(name):
        pytest.skip("this method has no threshold")
    made = losses(build_method(name, task, threshold=1.0), batch(), pair)
    assert made.unsupervised.item() == 0
    assert float(made.used) == 0


@every
def test_state_survives_saving_in_the_middle(name, task, batch, pair):
    """A method that loads another's state makes the same next loss."""
    method = eager(name, task)
    losses(method, batch(), pair)
    other = eager(name, task)
    other.load_state_dict(method.state_dict())
    again = [losses(m, batch(), pair).total.item() for m in (method, other)]
    assert again[0] == again[1]


@every
def test_training_moves_the_weights(name, images):
    """Six steps change the network."""
    data, truth = images
    y = torch.where(torch.arange(24) < 8, truth, -1)
    model = build("small_cnn", 1, 2)
    before = model.head.weight.detach().clone()
    list(SemiSupervisedTrainer(model, name, steps=6, batch_size=4, mu=2, device="cpu").run(data, y))
    assert not torch.equal(before, model.head.weight)


def masked_mean(target, logits, threshold):
    """Loop over rows: minus log of the guessed class's probability, divided by all M."""
    total = 0.0
    for guess, row in zip(target.softmax(1), logits, strict=True):
        if float(guess.max()) >= threshold:
            total -= math.log(float(row.softmax(0)[guess.argmax()]))
    return total / len(target)


@pytest.mark.parametrize(("name", "view"), [("fixmatch", "strong"), ("pseudo_label", "weak")])
def test_the_term_equals_a_loop_over_rows(name, view, task, batch, pair):
    """Confident guesses on the weak view, cross-entropy on the other, over all M rows."""
    one, (student, _) = batch(), pair
    views = METHODS[name].views
    with torch.no_grad():
        parts = student(torch.cat([one.x, *(one.u[v] for v in views)])).split(
            [4, *[6] * len(views)]
        )
    logits = dict(zip(views, parts[1:], strict=True))
    confidence = logits["weak"].softmax(1).max(1).values
    threshold = float(confidence.median())  # some rows pass and some do not
    made = losses(build_method(name, task, threshold=threshold), one, pair)
    expected = masked_mean(logits["weak"], logits[view], threshold)
    assert made.unsupervised.item() == pytest.approx(expected, rel=1e-4)
    assert float(made.used) == pytest.approx((confidence >= threshold).float().mean().item())


def test_pseudo_label_weight_rises_from_zero(task, batch, pair):
    """Half way up its ramp the weight is a half; after it, whole."""
    method = build_method("pseudo_label", task, ramp=0.5)
    weights = [losses(method, batch(), pair, at).weight for at in (0.0, 0.25, 0.5, 1.0)]
    assert weights == [0.0, 0.5, 1.0, 1.0]


def test_an_unknown_method_lists_the_right_ones(task):
    """The message guesses what was meant and names the choices."""
    with pytest.raises(SSLError, match=r"Did you mean 'fixmatch'\? Choose one of: fixmatch, "):
        build_method("fixmach", task)


def test_an_unknown_parameter_lists_the_right_ones(task):
    """A typing error in a hyper-parameter is not swallowed."""
    with pytest.raises(SSLError, match=r"parameter of method fixmatch named 'treshold'.*threshold"):
        build_method("fixmatch", task, treshold=0.9)


@unsupervised
def test_a_value_out_of_range_says_the_range(name, task):
    """Thresholds are probabilities."""
    if "threshold" not in keywords(name):
        pytest.skip("this method has no threshold")
    with pytest.raises(SSLError, match="threshold must be a number from 0 to 1, not 95"):
        build_method(name, task, threshold=95)


@every
def test_the_docstring_explains_every_hyper_parameter(name):
    """The first line says what it does, and `Args:` has a line for each keyword."""
    method = METHODS[name]
    assert method.__doc__.splitlines()[0].endswith(".")
    for parameter in keywords(name):
        assert f"    {parameter}: " in method.__doc__
