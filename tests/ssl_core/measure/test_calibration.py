"""Calibration finds the temperature that was lost, and its measures are the gaps that are meant."""

import numpy as np
import pytest
from scipy import optimize
from scipy.special import softmax
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as theirs

from ssl_core.errors import SSLError
from ssl_core.measure import calibration


def answers(n, classes, seed=0, spread=2.0):
    """Calibrated probabilities (n, classes), and classes that are drawn by them."""
    rng = np.random.default_rng(seed)
    p = softmax(spread * rng.standard_normal((n, classes)), axis=1)
    y = np.array([rng.choice(classes, p=row) for row in p])
    return p, y


@pytest.mark.parametrize("lost", [0.5, 1.0, 2.5])
def test_the_temperature_is_recovered(lost):
    """Answers that were made too sure, or too careful, come back."""
    p, y = answers(8000, 4)
    spoilt = calibration.tempered(p, 1 / lost)
    assert calibration.temperature(spoilt, y) == pytest.approx(lost, rel=0.06)
    found = calibration.by_temperature(spoilt, y).applied(spoilt)
    assert np.array_equal(found.argmax(1), spoilt.argmax(1))
    assert calibration.calibration_error(y, found) < 0.02
    if lost != 1:
        assert calibration.calibration_error(y, spoilt) > 0.04


def test_a_slope_and_a_shift_of_each_class_are_recovered():
    """One class twice as sure and another pushed up: a single temperature cannot mend both."""
    p, y = answers(8000, 3)
    slopes, shifts = np.array([2.0, 1.0, 1.0]), np.array([0.0, 0.8, 0.0])
    spoilt = calibration.Calibration(slopes, shifts).applied(p)
    by_class = calibration.by_class(spoilt, y).applied(spoilt)
    by_one = calibration.by_temperature(spoilt, y).applied(spoilt)
    assert calibration.classwise_error(y, by_class) < 0.6 * calibration.classwise_error(y, by_one)
    assert calibration.log_loss(y, by_class) < calibration.log_loss(y, by_one) - 0.005
    assert calibration.log_loss(y, by_class) < calibration.log_loss(y, p) + 0.02


def test_the_slope_of_the_fit_is_its_loss_s(monkeypatch):
    """The gradient that is handed over, by differences."""
    p, y = answers(60, 3)
    seen = {}
    real = optimize.minimize

    def minimize(loss, start, **options):
        seen["loss"] = loss
        return real(loss, start, **options)

    monkeypatch.setattr(optimize, "minimize", minimize)
    calibration.by_class(p, y)
    theta = np.linspace(-0.3, 0.4, 6)
    _, slope = seen["loss"](theta)
    for place in range(6):
        step = np.zeros(6)
        step[place] = 1e-5
        by_hand = (seen["loss"](theta + step)[0] - seen["loss"](theta - step)[0]) / 2e-5
        assert slope[place] == pytest.approx(by_hand, abs=1e-4)


def test_few_labels_move_little():
    """Five right guesses make nobody certain, by one temperature or class by class."""
    said = np.full((5, 2), 0.2)
    y = np.arange(5) % 2
    said[np.arange(5), y] = 0.8
    for fit in (calibration.by_temperature, calibration.by_class):
        assert 0.8 < fit(said, y).applied(said).max() < 0.95
    nothing = np.empty((0, 2)), np.empty(0, int)
    assert calibration.temperature(*nothing) == 1
    assert calibration.by_class(*nothing).applied(said) == pytest.approx(said)


def test_certain_answers_stay_finite():
    """Zero and one have logarithms that are bounded, and rows add up to 1."""
    said = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = calibration.by_class(said, np.array([1, 0])).applied(said)
    assert np.isfinite(found).all()
    assert found.sum(1) == pytest.approx([1, 1])
    assert np.isfinite(calibration.log_loss(np.array([1, 0]), said))


def test_the_calibration_error_is_the_gap_of_each_bin_by_its_rows():
    """Four rows at .9, three of them right, and one at .6 that is wrong: (.6 + .6) / 5."""
    said = np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]])
    y = np.array([0, 0, 0, 1, 1])
    assert calibration.calibration_error(y, said) == pytest.approx((4 * 0.9 - 3 + 0.6) / 5)


def test_bins_hold_equally_many_rows():
    """30 rows in 15 bins of two: the gap of each pair, worked out one by one."""
    p, y = answers(30, 3)
    order = p.max(1).argsort()
    gaps = [
        abs(sum(p[row].max() - (p[row].argmax() == y[row]) for row in order[at : at + 2]))
        for at in range(0, 30, 2)
    ]
    assert calibration.calibration_error(y, p) == pytest.approx(sum(gaps) / 30)
    assert [each.n for each in calibration.reliability(y, p)] == [2] * 15


def test_neither_the_order_of_rows_nor_ties_change_an_error():
    """Rows that are equally sure share a bin."""
    p, y = answers(90, 3)
    p = (p * 8).round() + 1
    p /= p.sum(1, keepdims=True)
    other = np.random.default_rng(1).permutation(90)
    for error in (calibration.calibration_error, calibration.classwise_error):
        assert error(y, p) == pytest.approx(error(y[other], p[other]))


def test_who_is_right_as_often_as_sure_has_no_error():
    """Nine of ten right at .9; certain and right has none either; no rows have no error at all."""
    said = np.array([[0.9, 0.1]] * 10)
    y = np.array([0] * 9 + [1])
    assert calibration.calibration_error(y, said) == pytest.approx(0, abs=1e-12)
    assert calibration.classwise_error(y, said) == pytest.approx(0, abs=1e-12)
    assert calibration.calibration_error(np.array([0, 1]), np.eye(2)) == 0
    for measure in (
        calibration.calibration_error, calibration.classwise_error,
        calibration.brier, calibration.log_loss,
    ):  # fmt: skip
        assert np.isnan(measure(np.empty(0, int), np.empty((0, 2))))
        with pytest.raises(SSLError, match="2 classes need as many rows"):
            measure(np.array([0, 1]), said)


def test_a_class_of_its_own_shows_in_the_classwise_error_alone():
    """Confidence is right on the mean while one class takes what another should have."""
    said = np.array([[0.6, 0.4]] * 5 + [[0.4, 0.6]] * 5)
    y = np.array([0] * 5 + [1] + [0] * 4)
    assert calibration.classwise_error(y, said) == pytest.approx(0.4)
    assert calibration.calibration_error(y, said) == pytest.approx(0.0, abs=1e-12)


def test_brier_and_log_loss_are_scikit_learns():
    """For several classes."""
    p, y = answers(200, 4)
    assert calibration.brier(y, p) == pytest.approx(
        brier_score_loss(y, p, scale_by_half=False, labels=range(4))
    )
    assert calibration.log_loss(y, p) == pytest.approx(theirs(y, p, labels=range(4)))


def test_a_reliability_diagram_has_exact_intervals():
    """Of 30 rows at .8, 24 right: Clopper and Pearson's."""
    said, y = np.array([[0.8, 0.2]] * 30), np.array([0] * 24 + [1] * 6)
    [only] = calibration.reliability(y, said)
    assert (only.n, only.confidence, only.right) == (30, pytest.approx(0.8), 0.8)
    assert (only.low, only.high) == pytest.approx((0.6143, 0.9229), abs=5e-5)
    assert calibration.reliability(np.empty(0, int), np.empty((0, 2))) == []
