"""Planted wrong labels are found again, and what is doubted follows the rule row by row."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from ssl_core.errors import SSLError
from ssl_core.measure.mistakes import confident_joint, doubted, thresholds


def planted(n, share, seed):
    """n digits of which a share has another digit's label: (labels, out-of-fold answers, wrong)."""
    x, truth = load_digits(return_X_y=True)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(truth))[:n]
    x, truth = x[chosen] / 16, truth[chosen]
    y = truth.copy()
    wrong = rng.permutation(n)[: round(share * n)]
    y[wrong] = (truth[wrong] + rng.integers(1, 10, len(wrong))) % 10
    model = LogisticRegression(C=0.1, max_iter=500)
    return y, cross_val_predict(model, x, y, cv=5, method="predict_proba"), y != truth


def test_planted_errors_are_found_again():
    """Of 400 labels with 8 % wrong, five times: three of four are found, at most a third is not."""
    found, there, told, first = 0, 0, 0, []
    for seed in range(5):
        y, said, wrong = planted(400, 0.08, seed)
        rows = doubted(y, said).rows
        found, there, told = found + wrong[rows].sum(), there + wrong.sum(), told + len(rows)
        first.append(wrong[rows[: len(rows) // 2]].mean())
    assert found >= 0.75 * there
    assert found >= 0.7 * told
    assert np.mean(first) >= 0.9, "the least likely labels come first"


def test_right_labels_are_hardly_doubted():
    """Where nothing was planted, 2 of 100 at most."""
    y, said, _ = planted(400, 0.0, 3)
    assert len(doubted(y, said).rows) <= 8


def test_what_is_doubted_is_what_the_confident_joint_counts():
    """Worked out row by row, as the paper has it."""
    y, said, _ = planted(300, 0.1, 4)
    sure_of = [np.mean([said[i, j] for i in range(300) if y[i] == j]) for j in range(10)]
    assert thresholds(y, said) == pytest.approx(sure_of)
    joint = np.zeros((10, 10))
    for i in range(300):
        confident = [j for j in range(10) if said[i, j] >= sure_of[j]]
        if confident:
            joint[y[i], max(confident, key=lambda j: said[i, j])] += 1
    assert np.array_equal(confident_joint(y, said), joint)
    wanted = set()
    for j in range(10):
        of_class = [i for i in range(300) if y[i] == j]
        wrong = len(of_class) * (1 - joint[j, j] / joint[j].sum())
        against = [i for i in of_class if max(said[i]) > said[i, j]]
        wanted |= set(sorted(against, key=lambda i: said[i, j])[: int(wrong + 0.5)])
    found = doubted(y, said)
    assert set(found.rows) == wanted
    assert len(wanted) > 15
    assert [said[i, y[i]] for i in found.rows] == sorted(said[i, y[i]] for i in wanted)
    assert list(found.own) == [said[i, y[i]] for i in found.rows]
    assert list(found.said) == [said[i].argmax() for i in found.rows]
    assert list(found.sure) == [said[i].max() for i in found.rows]


def test_a_class_that_the_model_always_exaggerates_accuses_nobody_by_that():
    """It says class 0 of everything at .6; that is less than it says where 0 is the label."""
    y = np.array([0] * 10 + [1] * 10)
    said = np.tile([0.6, 0.4], (20, 1))
    said[:10] = [0.8, 0.2]
    assert len(doubted(y, said).rows) == 0
    said[12] = [0.9, 0.1]
    assert list(doubted(y, said).rows) == [12]


def test_a_class_without_labels_accuses_nobody_and_no_rows_are_no_doubt():
    """Its threshold cannot be known; labels and answers must be equally many."""
    y, said = np.array([0, 0, 1]), np.array([[0.1, 0.1, 0.8], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1]])
    assert thresholds(y, said)[2] == np.inf
    assert len(doubted(y, said).rows) == 0
    assert len(doubted(y[:0], said[:0]).rows) == 0
    with pytest.raises(SSLError, match="2 labels need as many rows"):
        doubted(y[:2], said)
