"""How far one model is ahead of another on the same rows, worked out row by row."""

import math

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.paired import POWERS, lead, surprise

TRUTH = np.array([0, 0, 0, 1, 1, 2])


def answers(seed):
    """Probabilities (6, 3) that lean towards the truth."""
    p = np.random.default_rng(seed).dirichlet(np.ones(3), 6)
    p[np.arange(6), TRUTH] += 0.5
    return p / p.sum(1, keepdims=True)


def slowly(said):
    """The surprise at each temperature in turn, and that of the one with the least mean."""
    found = []
    for power in POWERS:
        row = [
            -math.log(p[c] ** power / (p**power).sum()) for p, c in zip(said, TRUTH, strict=True)
        ]
        mean = (sum(row[:3]) / 3 + sum(row[3:5]) / 2 + row[5]) / 3
        found.append((mean, row))
    return min(found)


def test_it_is_the_difference_of_the_log_losses_with_all_classes_alike():
    """Each side at its own temperature; three, two and one rows a class."""
    one, other = answers(1), answers(2)
    ahead, error = lead(TRUTH, one, other)
    assert ahead == pytest.approx(slowly(other)[0] - slowly(one)[0])
    weight = np.array([1, 1, 1, 1.5, 1.5, 3]) / 9
    gains = weight * (np.array(slowly(other)[1]) - slowly(one)[1])
    assert error == pytest.approx(math.sqrt((gains**2).sum()))
    assert lead(TRUTH, other, one) == pytest.approx((-ahead, error))


def test_the_error_is_that_of_equal_models():
    """What one gained on each row could be the other's: the deviation over all such swaps."""
    gains = surprise(TRUTH, answers(2)) - surprise(TRUTH, answers(1))
    weight = np.array([1, 1, 1, 1.5, 1.5, 3]) / 9
    signs = [[1 if bits >> row & 1 else -1 for row in range(6)] for bits in range(64)]
    swapped = [(weight * gains * sign).sum() for sign in signs]
    assert lead(TRUTH, answers(1), answers(2))[1] == pytest.approx(np.std(swapped))


def test_being_surer_is_no_lead():
    """The same answers, sharpened; a rank order that is as good loses nothing by its doubts."""
    said = answers(3)
    sharp = said**2 / (said**2).sum(1, keepdims=True)
    assert abs(lead(TRUTH, sharp, said)[0]) < 0.01


def test_models_that_know_the_same_differ_by_nothing():
    """Neither is ahead, and there is nothing that chance could have done."""
    assert lead(TRUTH, answers(1), answers(1)) == (0.0, 0.0)


def test_certainty_of_the_wrong_class_counts_but_is_finite():
    """A probability of 0 for the truth has no logarithm."""
    wrong = np.eye(3)[(TRUTH + 1) % 3]
    ahead, error = lead(TRUTH, answers(1), wrong)
    assert 0 < ahead < 20
    assert math.isfinite(error)


def test_rows_must_pair():
    """One answer too few is an error in words."""
    with pytest.raises(SSLError, match=r"6 true classes cannot be compared with 6 and 5"):
        lead(TRUTH, answers(1), answers(2)[:5])
