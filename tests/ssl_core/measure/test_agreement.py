"""Agreement equals published examples, scikit-learn, and what pairs of ratings say one by one."""

import itertools
import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from ssl_core.errors import SSLError
from ssl_core.measure.agreement import cells, cohen, counts, fleiss, krippendorff

# Ten subjects, fourteen raters, five classes: a textbook example, kappa .210
FOURTEEN = np.array(
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
)  # fmt: skip
# Krippendorff (2011): four observers, twelve units, alpha .743
OBSERVERS = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]
    ).T
    - 1
)


def ratings(seed, items=60, people=4, classes=3, missing=0.3):
    """People who see a truth and err now and then, and leave some items out."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=(items, 1))
    said = np.where(rng.random((items, people)) < 0.7, truth, rng.integers(classes, size=1))
    return np.where(rng.random((items, people)) < missing, -1, said)


def test_cohen_by_hand():
    """20 and 15 of 50 agreed: observed .7, by chance .5 x .6 + .5 x .4 = .5, so kappa is .4."""
    assert cohen(np.array([[20, 5], [10, 15]])).value == pytest.approx(0.4)


@pytest.mark.parametrize("seed", range(5))
def test_cohen_equals_scikit_learn(seed):
    """Of those items that both have rated."""
    first, second = ratings(seed)[:, :2].T
    both = (first >= 0) & (second >= 0)
    found = cohen(cells(first, second, 3))
    assert found.value == pytest.approx(cohen_kappa_score(first[both], second[both]))
    assert found.items == both.sum()
    assert found.low <= found.value <= found.high


def test_published_examples():
    """To the digits that are printed there."""
    assert round(fleiss(FOURTEEN).value, 3) == 0.210
    assert round(krippendorff(counts(OBSERVERS, 5)).value, 3) == 0.743
    assert krippendorff(counts(OBSERVERS, 5)).items == 11  # one unit has one rating


@pytest.mark.parametrize("seed", range(5))
def test_alpha_counts_pairs_of_ratings(seed):
    """Worked out pair by pair: within items, and among all ratings that can be paired."""
    table = ratings(seed)
    units = [[int(each) for each in row if each >= 0] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    everything = [each for unit in units for each in unit]
    total = len(everything)
    observed = sum(
        sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    expected = sum(a != b for a, b in itertools.permutations(everything, 2)) / (total - 1)
    assert krippendorff(counts(table, 3)).value == pytest.approx(1 - observed / expected)


@pytest.mark.parametrize("seed", range(3))
def test_fleiss_counts_pairs_of_raters(seed):
    """With equally many of them, as its paper has it."""
    table = ratings(seed, missing=0)
    agreed = np.mean(
        [np.mean([a == b for a, b in itertools.permutations(row, 2)]) for row in table]
    )
    chance = sum(np.mean(table == number) ** 2 for number in range(3))
    assert fleiss(counts(table, 3)).value == pytest.approx((agreed - chance) / (1 - chance))


def test_all_agree_and_all_answer_by_chance():
    """One, and about zero."""
    same = np.tile(np.arange(90)[:, None] % 3, (1, 4))
    blind = np.random.default_rng(1).integers(3, size=(2000, 4))
    for measure in (fleiss, krippendorff):
        assert measure(counts(same, 3)).value == 1
        assert abs(measure(counts(blind, 3)).value) < 0.03
    assert cohen(cells(same[:, 0], same[:, 1], 3)).value == 1


def test_what_says_nothing_is_no_number():
    """No item that two have rated, or one class alone."""
    alone = np.array([[0, -1], [-1, 1]])
    one_class = np.zeros((5, 2), int)
    for table, items in ((alone, 0), (one_class, 5)):
        for found in (
            fleiss(counts(table, 2)),
            krippendorff(counts(table, 2)),
            cohen(cells(table[:, 0], table[:, 1], 2)),
        ):
            assert math.isnan(found.value)
            assert math.isnan(found.low)
            assert found.items == items


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Of 200 samples from a big pool, at 90 %: the alpha of the pool is in it 78 to 98 %."""
    pool = ratings(7, items=20_000, missing=0)
    truth = krippendorff(counts(pool, 3)).value
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        sample = pool[rng.integers(len(pool), size=80)]
        found = krippendorff(counts(sample, 3), level=0.9)
        held += found.low <= truth <= found.high
    assert 156 <= held <= 196


def test_what_is_no_rating_is_an_error():
    """Unequal lengths, and numbers beyond the classes."""
    with pytest.raises(SSLError, match="3 ratings cannot be compared with 2"):
        cells(np.zeros(3, int), np.zeros(2, int), 2)
    with pytest.raises(SSLError, match="from 0 to 1, or -1"):
        counts(np.array([[0, 2]]), 2)
    with pytest.raises(SSLError, match="from 0 to 1, or -1"):
        cells(np.array([-2]), np.array([0]), 2)
