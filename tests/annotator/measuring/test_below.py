"""The red line: three measured rounds in a row below the baseline, and nothing less."""

import pytest

from annotator.measuring.accuracy import interval
from annotator.measuring.below import below_baseline
from annotator.model import CurvePoint

N = 200  # test images


def point(number, model, right, learner):
    low, high = interval(right, N)
    share = right / N
    return CurvePoint(
        number, 10 * number, model, share, low, high, share, low, high, N, learner=learner
    )


def curve(rounds, method="fixmatch", baseline="logistic"):
    """Both models' points from the numbers of right answers of either, by round."""
    return [
        point(number, model, right, name)
        for number, both in rounds.items()
        for model, right, name in zip(("ssl", "baseline"), both, (method, baseline), strict=True)
        if right is not None
    ]


def test_three_rounds_below_are_told_with_both_numbers_and_what_to_do():
    """The newest round's accuracies stand for all three."""
    told = below_baseline(curve({1: (150, 151), 2: (140, 160), 3: (120, 180)}))
    assert told.startswith("For three rounds fixmatch was below its baseline, logistic: ")
    assert "60.0\N{NO-BREAK SPACE}% against 90.0\N{NO-BREAK SPACE}% in the newest." in told
    assert "choose ensemble, logistic or plain as the method" in told
    for word in ("labels", "map on Data", "Backbone"):
        assert word in told


@pytest.mark.parametrize(
    "rounds",
    [
        {},
        {1: (100, 150), 2: (100, 150)},
        {1: (150, 150), 2: (100, 150), 3: (100, 150)},
        {1: (100, 150), 2: (150, 150), 3: (100, 150)},
        {1: (100, 150), 2: (100, 150), 3: (150, 150)},
        {1: (100, 150), 2: (100, 150), 3: (160, 150), 4: (100, 150)},
        {1: (100, 150), 2: (100, 150), 3: (100, None)},
        {1: (100, 150), 2: (100, 150), 3: (None, 150)},
    ],
    ids=["none", "two", "first equal", "second equal", "last equal", "above between",
         "no baseline", "no model"],
)  # fmt: skip
def test_anything_less_is_not_told(rounds):
    """Too few rounds, a draw, a better round in between, a round of which half is missing."""
    assert below_baseline(curve(rounds)) is None


def test_rounds_that_were_not_measured_are_passed_over():
    """One that failed has no point, and one without a baseline is no round to compare."""
    gap = {1: (100, 150), 2: (100, 150), 4: (100, None), 7: (100, 150)}
    assert below_baseline(curve(gap)) is not None


def test_only_the_last_three_count():
    """What was better before does not excuse them; the order of the points does not matter."""
    points = curve({1: (190, 150), 9: (100, 150), 10: (100, 150), 11: (100, 150)})
    assert below_baseline(points) == below_baseline(points[::-1]) is not None


@pytest.mark.parametrize("right", [120, 140, 150, 159])
def test_it_says_that_it_may_be_chance_while_the_intervals_overlap(right):
    """And says the rest all the same."""
    told = below_baseline(curve(dict.fromkeys((1, 2, 3), (right, 160))))
    overlap = interval(right, N)[1] >= interval(160, N)[0]
    assert ("may be chance" in told) == overlap


def test_what_changed_in_between_is_named_in_its_order():
    """Each method and baseline once while it stays, and the method in use is not recommended."""
    points = curve({1: (100, 150)}, "uda") + curve({2: (100, 150)}, "uda", "supervised")
    points += curve({3: (100, 150)}, "ensemble", "supervised")
    told = below_baseline(points)
    assert "uda, then ensemble was below its baseline, logistic, then supervised: 50.0" in told
    assert "choose logistic or plain as" in told
