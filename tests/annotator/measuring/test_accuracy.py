"""Accuracy and its exact interval, re-derived from the binomial distribution."""

import numpy as np
import pytest
from scipy.stats import binom

from annotator.measuring import accuracy
from annotator.model import Judged


@pytest.mark.parametrize(("right", "n"), [(0, 10), (10, 10), (1, 1), (88, 100), (59, 59), (7, 13)])
def test_the_interval_is_where_the_tails_reach_two_and_a_half_percent(right, n):
    """Clopper-Pearson: P(X >= right | low) = .025 and P(X <= right | high) = .025."""
    low, high = accuracy.interval(right, n)
    if right:
        assert binom.sf(right - 1, n, low) == pytest.approx(0.025)
    else:
        assert low == 0.0
    if right < n:
        assert binom.cdf(right, n, high) == pytest.approx(0.025)
    else:
        assert high == 1.0


def test_balanced_accuracy_weighs_a_rare_class_like_a_common_one():
    """90 of 90 and 0 of 10: accuracy .9, balanced .5."""
    judged = [
        Judged(1, 5, "ssl", truth=1, predicted=1, n=90),
        Judged(1, 5, "ssl", truth=2, predicted=1, n=10),
    ]
    [point] = accuracy.points(judged)
    assert (point.accuracy, point.balanced_accuracy, point.n) == (0.9, 0.5, 100)


def test_the_interval_of_balanced_accuracy_covers_it_as_often_as_it_says():
    """A thousand draws of known recalls: the interval misses their mean at most 5 times in 100."""
    rng = np.random.default_rng(0)
    recalls, sizes = (0.95, 0.7), (40, 8)
    truth = sum(recalls) / 2
    missed = 0
    for _ in range(1000):
        right = [rng.binomial(n, p) for n, p in zip(sizes, recalls, strict=True)]
        counts = {(c, c): k for c, k in enumerate(right)}
        counts |= {(c, 9): n - k for c, (n, k) in enumerate(zip(sizes, right, strict=True))}
        mean, low, high = accuracy.balanced(counts)
        assert low <= mean <= high
        missed += not low <= truth <= high
    assert missed <= 50


def test_the_confusion_counts_every_pair():
    """Rows are truth, columns the semi-supervised model's answers; the baseline is left out."""
    judged = [
        Judged(3, 5, "ssl", truth=7, predicted=9, n=4),
        Judged(3, 5, "ssl", truth=7, predicted=7, n=2),
        Judged(3, 5, "baseline", truth=9, predicted=7, n=5),
    ]
    found = accuracy.confusion(judged, 3, {7: "a", 9: "b"})
    assert found.classes == ("a", "b")
    assert found.counts == ((2, 4), (0, 0))
    assert accuracy.confusion(judged, 4, {7: "a"}) is None
