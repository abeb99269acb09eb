"""Metrics equal scikit-learn's where it has them, and a loop where it has not."""

import math

import numpy as np
import pytest
from sklearn import metrics as theirs

from ssl_core.errors import SSLError
from ssl_core.measure import metrics


@pytest.fixture
def predictions():
    """Truth and predictions of 100 rows in five classes, the last of which is never true."""
    rng = np.random.default_rng(0)
    return rng.integers(4, size=100), rng.integers(5, size=100)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_equal_to_scikit_learn(predictions):
    """Accuracy, balanced accuracy and confusion."""
    truth, guess = predictions
    assert metrics.accuracy(truth, guess) == theirs.accuracy_score(truth, guess)
    expected = theirs.balanced_accuracy_score(truth, guess)
    assert metrics.balanced_accuracy(truth, guess) == pytest.approx(expected)
    expected = theirs.confusion_matrix(truth, guess, labels=range(5))
    np.testing.assert_array_equal(metrics.confusion(truth, guess, 5), expected)


def test_pseudo_label_quality_counts_what_is_confident(predictions):
    """Kept, ratio and precision, by a loop over rows."""
    truth, guess = predictions
    confidence = np.random.default_rng(1).random(100)
    kept = [i for i in range(100) if confidence[i] >= 0.6]
    right = sum(truth[i] == guess[i] for i in kept)
    made = metrics.pseudo_label_quality(truth, guess, confidence, 0.6)
    assert (made.total, made.kept, made.ratio) == (100, len(kept), len(kept) / 100)
    assert made.precision == pytest.approx(right / len(kept))
    assert math.isnan(metrics.pseudo_label_quality(truth, guess, confidence, 1.1).precision)


def test_no_rows_have_no_accuracy():
    """NaN says so; 0 or 1 would be a lie."""
    empty = np.empty(0, np.int64)
    assert math.isnan(metrics.accuracy(empty, empty))
    assert math.isnan(metrics.balanced_accuracy(empty, empty))
    assert metrics.confusion(empty, empty, 2).tolist() == [[0, 0], [0, 0]]


def test_what_cannot_be_compared_is_an_error():
    """Unequal lengths, and classes that do not exist."""
    with pytest.raises(SSLError, match="3 true classes cannot be compared with 2"):
        metrics.accuracy(np.zeros(3, int), np.zeros(2, int))
    with pytest.raises(SSLError, match="predicted classes must be 0 to 1"):
        metrics.confusion(np.array([0, 1]), np.array([0, 2]), 2)
