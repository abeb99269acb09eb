"""How far one model is ahead of another on the same rows, worked out row by row."""

import math

import numpy as np
import pytest
import torch

from ssl_core.evidence.paired import lead
from ssl_core.evidence.weighing import temperature

Y = torch.tensor([0, 0, 0, 1, 1, 2])
WEIGHT = [1 / 9, 1 / 9, 1 / 9, 1 / 6, 1 / 6, 1 / 3]  # a third for each class


def answers(seed):
    """Probabilities (6, 3) that lean towards the truth."""
    p = torch.from_numpy(np.random.default_rng(seed).dirichlet(np.ones(3), 6)).float()
    p[torch.arange(6), Y] += 0.5
    return p / p.sum(1, keepdim=True)


def losses(said):
    """-log p of each row at the side's own temperature, one after the other."""
    power = 1 / temperature(said, Y, 6 * torch.tensor(WEIGHT))
    return [-math.log(p[c] ** power / (p**power).sum()) for p, c in zip(said, Y, strict=True)]


def gains(one, other):
    """What `one` gained on each row, by its class's weight."""
    pairs = zip(losses(one), losses(other), strict=True)
    return [w * (b - a) for w, (a, b) in zip(WEIGHT, pairs, strict=True)]


def test_it_is_the_difference_of_the_log_losses_with_all_classes_alike():
    """Three, two and one rows a class."""
    expected = gains(answers(1), answers(2))
    ahead, error = lead(answers(1), answers(2), Y)
    assert ahead == pytest.approx(sum(expected), abs=1e-6)
    assert error == pytest.approx(math.hypot(*expected), abs=1e-6)
    assert lead(answers(2), answers(1), Y) == pytest.approx((-ahead, error))


def test_the_error_is_that_of_equal_models():
    """What one gained on each row could be the other's: the deviation over all such swaps."""
    each = np.array(gains(answers(1), answers(2)))
    signs = [[1 if bits >> row & 1 else -1 for row in range(6)] for bits in range(64)]
    swapped = [(each * sign).sum() for sign in signs]
    assert lead(answers(1), answers(2), Y)[1] == pytest.approx(np.std(swapped), abs=1e-6)


def test_rows_that_belong_together_are_won_or_lost_together():
    """Two patients with three images each: the error has two terms; all apart, it is as without."""
    a, b = (sum(gains(answers(1), answers(2))[start:6:2]) for start in (0, 1))
    ahead, error = lead(answers(1), answers(2), Y, torch.tensor([7, 3, 7, 3, 7, 3]))
    assert ahead == pytest.approx(a + b, abs=1e-6)
    assert error == pytest.approx(math.hypot(a, b), abs=1e-6)
    assert lead(answers(1), answers(2), Y, torch.arange(6)) == lead(answers(1), answers(2), Y)


def test_being_surer_is_no_lead():
    """Hundreds of the same answers, sharpened: each side finds its own temperature."""
    said, y = answers(3).repeat(60, 1), Y.repeat(60)
    sharp = said**1.5 / (said**1.5).sum(1, keepdim=True)
    assert lead(sharp, said, y)[0] == pytest.approx(0, abs=0.01)


def test_models_that_know_the_same_differ_by_nothing():
    """Neither is ahead, and there is nothing that chance could have done."""
    assert lead(answers(1), answers(1), Y) == (0.0, 0.0)


def test_certainty_of_the_wrong_class_counts_but_is_finite():
    """A probability of 0 for the truth has no logarithm."""
    wrong = torch.eye(3)[(Y + 1) % 3]
    ahead, error = lead(answers(1), wrong, Y)
    assert 0 < ahead < 20
    assert math.isfinite(error)
