"""The contract's checks are worth something: a method broken on purpose fails them."""

from dataclasses import replace

import pytest

from ssl_core.methods import METHODS
from ssl_core.methods.mean_teacher import MeanTeacher
from ssl_core.parts.losses import masked_loss
from tests.ssl_core.contract import (
    check_doubtful_rows_count,
    check_gradient,
    check_mean_over_rows,
    check_weighs_in,
    eager,
    masked,
)

unsupervised = pytest.mark.parametrize("name", [n for n in METHODS if n != "supervised"])
kinds = pytest.mark.parametrize("kind", ["images", "vectors"])


def changed(name, change):
    """Make the named method with its losses changed."""

    def make(task):
        method = eager(name)(task)
        whole = method.losses
        method.losses = lambda *given: change(whole(*given))
        return method

    return make


@kinds
@unsupervised
def test_a_term_that_is_detached_is_found(name, kind):
    """Its value is right and it teaches nothing."""
    make = changed(name, lambda made: replace(made, unsupervised=made.unsupervised.detach()))
    with pytest.raises((AssertionError, RuntimeError), match=r"teaches|does not require grad"):
        check_gradient(make, kind)


@kinds
@unsupervised
def test_a_term_that_is_skipped_is_found(name, kind):
    """A zero that still has a gradient function."""
    make = changed(name, lambda made: replace(made, unsupervised=made.unsupervised * 0))
    with pytest.raises(AssertionError, match="teaches the student nothing"):
        check_gradient(make, kind)
    with pytest.raises(AssertionError, match="do not count"):
        check_weighs_in(make, kind)


@unsupervised
def test_a_weight_of_zero_is_found(name):
    """The term is there and never counts."""
    make = changed(name, lambda made: replace(made, weight=0.0))
    with pytest.raises(AssertionError, match="do not count"):
        check_weighs_in(make, "vectors")


class TeacherAgainstItself(MeanTeacher):
    """The dead loss of a well-known library: the teacher is compared with the teacher."""

    def losses(self, batch, student, teacher, progress):
        made = super().losses(batch, teacher, teacher, progress)
        return replace(made, supervised=student(batch.x).sum())


def test_a_teacher_compared_with_itself_is_found():
    """No gradient reaches the student."""
    with pytest.raises((AssertionError, RuntimeError), match=r"teaches|does not require grad"):
        check_gradient(TeacherAgainstItself, "images")


@pytest.mark.parametrize("name", masked())
def test_division_by_the_confident_rows_is_found(name, monkeypatch):
    """The mean over the mask's sum is another method; each masked one is caught at it."""
    kind = METHODS[name]
    check = check_doubtful_rows_count if "strong" in kind.views else check_mean_over_rows
    check(kind)
    monkeypatch.setattr(
        f"{kind.__module__}.masked_loss",
        lambda logits, target, mask: masked_loss(logits, target, mask) / mask.mean().clamp_min(0.1),
    )
    with pytest.raises(AssertionError, match="not the mean"):
        check(kind)
