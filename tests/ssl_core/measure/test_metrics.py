"""Metrics equal scikit-learn's."""

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
    """Accuracy and balanced accuracy."""
    truth, guess = predictions
    assert metrics.accuracy(truth, guess) == theirs.accuracy_score(truth, guess)
    expected = theirs.balanced_accuracy_score(truth, guess)
    assert metrics.balanced_accuracy(truth, guess) == pytest.approx(expected)


def test_no_rows_have_no_accuracy():
    """NaN says so; 0 or 1 would be a lie."""
    empty = np.empty(0, np.int64)
    assert math.isnan(metrics.accuracy(empty, empty))
    assert math.isnan(metrics.balanced_accuracy(empty, empty))


def test_what_cannot_be_compared_is_an_error():
    """Unequal lengths."""
    with pytest.raises(SSLError, match="3 true classes cannot be compared with 2"):
        metrics.accuracy(np.zeros(3, int), np.zeros(2, int))
