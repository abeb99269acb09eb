"""The error that chance alone makes is that of models that are as often right as sure."""

import numpy as np
import pytest

from ssl_core.measure.calibration import calibration_error
from ssl_core.measure.consistency import by_chance


def answers(n, seed):
    rng = np.random.default_rng(seed)
    said = rng.dirichlet(np.full(4, 0.3), n)
    return said, np.array([rng.choice(4, p=row) for row in said])


@pytest.mark.parametrize("n", [60, 200])
def test_a_calibrated_model_is_rarely_above_it(n):
    """In about one case of twenty, of 150."""
    above = 0
    for seed in range(150):
        said, y = answers(n, seed)
        above += calibration_error(y, said) > by_chance(said, draws=60, seed=seed)[1]
    assert 0 < above <= 18


def test_one_that_is_far_too_sure_is_above_it_and_more_rows_tell_more():
    """Nine of ten sure, half right."""
    said = np.tile([0.9, 0.05, 0.05], (100, 1)) + np.linspace(0, 0.04, 100)[:, None] * [
        1,
        -0.5,
        -0.5,
    ]
    y = np.arange(100) % 2
    mean, most = by_chance(said)
    assert 0 < mean < most < calibration_error(y, said)
    few, _ = answers(40, 0)
    many, _ = answers(1000, 0)
    assert by_chance(many)[1] < by_chance(few)[1] / 2


def test_it_is_the_error_of_answers_drawn_one_by_one():
    """The mean over draws of all classes, not only of right and wrong."""
    said, _ = answers(80, 5)
    rng = np.random.default_rng(1)
    errors = [
        calibration_error(np.array([rng.choice(4, p=row) for row in said]), said)
        for _ in range(150)
    ]
    assert by_chance(said)[0] == pytest.approx(np.mean(errors), abs=0.006)
