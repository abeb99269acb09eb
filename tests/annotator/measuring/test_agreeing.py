"""What is told of several people's answers, worked out image by image."""

import itertools
from collections import Counter

import pytest
from scipy.stats import beta
from sklearn.metrics import cohen_kappa_score

from annotator.measuring.agreeing import agreement
from annotator.model import Work

WORK = [Work("anna", 3, 12.0)]
# image -> who said what; class ids are any numbers
SAID = {
    1: {"anna": 70, "ben": 70, "zoe": 70},
    2: {"anna": 70, "ben": 9},
    3: {"ben": 9, "zoe": 9},
    4: {"anna": 9, "zoe": 70},
    5: {"anna": 9, "ben": 9, "zoe": 12},
    6: {"anna": 12},
    7: {"anna": 12, "ben": 12},
}
ANSWERS = [(image, who, said) for image, each in SAID.items() for who, said in each.items()]


def test_pairs_are_those_who_share_images():
    """Each with as many as both have answered, and scikit-learn's kappa of these."""
    found = agreement(ANSWERS, WORK)
    assert found.work == tuple(WORK)
    assert [(each.first, each.second) for each in found.pairs] == [
        ("anna", "ben"), ("anna", "zoe"), ("ben", "zoe"),
    ]  # fmt: skip
    for pair in found.pairs:
        both = [each for each in SAID.values() if {pair.first, pair.second} <= each.keys()]
        first, second = ([each[who] for each in both] for who in (pair.first, pair.second))
        assert pair.kappa.images == len(both)
        assert pair.same == sum(a == b for a, b in zip(first, second, strict=True))
        assert pair.kappa.value == pytest.approx(cohen_kappa_score(first, second))
        apart = Counter((a, b) for a, b in zip(first, second, strict=True) if a != b)
        assert {(mine, theirs): n for mine, theirs, n in pair.apart} == apart
        assert [n for *_, n in pair.apart] == sorted(apart.values(), reverse=True)


def test_what_is_confused_counts_pairs_of_answers():
    """In either order, the most frequent first."""
    wanted = Counter(
        tuple(sorted(pair))
        for each in SAID.values()
        for pair in itertools.combinations(each.values(), 2)
        if len(set(pair)) > 1
    )
    found = agreement(ANSWERS, WORK).confused
    assert {(one, other): n for one, other, n in found} == dict(wanted)
    assert [n for _, _, n in found] == sorted(wanted.values(), reverse=True)


@pytest.mark.parametrize(
    ("answers", "pairs"),
    [([], 0), ([(1, "anna", 3), (2, "ben", 3)], 0), ([(1, "anna", 3), (1, "ben", 3)], 1)],
)
def test_where_there_is_nothing_to_agree_about_no_number_is_told(answers, pairs):
    """Nobody, no image in common, or one class alone."""
    found = agreement(answers, [])
    assert (found.fleiss, found.alpha, found.confused) == (None, None, ())
    assert [each.kappa for each in found.pairs] == [None] * pairs


def test_who_was_asked_again_agrees_with_themselves_as_often_as_counted():
    """With the exact interval of each share, of the beta quantiles."""
    back = [("zoe", True)] * 57 + [("anna", True)] + [("zoe", False)] * 3
    anna, zoe = agreement([], [], back).repeats
    assert (zoe.annotator, zoe.same, zoe.images) == ("zoe", 57, 60)
    assert (zoe.low, zoe.high) == pytest.approx((beta.ppf(0.025, 57, 4), beta.ppf(0.975, 58, 3)))
    assert (anna.same, anna.images, anna.high) == (1, 1, 1.0)
    assert anna.low == pytest.approx(0.025)
