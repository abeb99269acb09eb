"""When to stop: curves that follow a power law are recovered, and ignorance is admitted."""

import random
import re

import numpy as np
import pytest

from annotator.measuring import advice
from annotator.measuring.accuracy import interval
from annotator.measuring.advice import ENOUGH, WIDEST, enough_tests, forecast, kappa
from annotator.model import CurvePoint, Look


def point(labels, right, n, number=1):
    low, high = interval(right, n)
    accuracy = right / n
    return CurvePoint(number, labels, "ssl", accuracy, low, high, accuracy, low, high, n)


def advise(points, agreements, goal):
    """Advice where each round was looked at with the test labels that there are now."""
    looks = [Look(each.round, round(each.accuracy * each.n), each.n) for each in points]
    return advice.advise(points, looks, agreements, goal)


def law(labels, a=0.95, b=1.2, c=0.6):
    return a - b * np.asarray(labels, float) ** -c


LABELS = (20, 40, 60, 80, 120, 160)


def test_a_power_law_is_recovered():
    """With very many test images the forecast is the law's own rise."""
    n = 10**7
    found = forecast([point(each, round(float(law(each)) * n), n) for each in LABELS])
    rise = float(law(260) - law(160))
    assert found.gain == pytest.approx(rise, abs=2e-3)
    assert found.low - 1e-3 <= rise <= found.high + 1e-3


def judged(law, n, rng):
    """Rounds judged on the same n images; each round finds three in ten of them as hard anew."""
    hard = rng.random(n)
    return [
        point(each, int((np.where(rng.random(n) < 0.7, hard, rng.random(n)) < law(each)).sum()), n)
        for each in LABELS
    ]


def test_the_interval_holds_the_truth_most_of_the_time_and_narrows_with_more_test_images():
    """Forty curves measured on 200 test images each; then one measured on many more."""
    rng = np.random.default_rng(1)
    rise = float(law(260) - law(160))
    held, widths = 0, []
    for _ in range(40):
        found = forecast(judged(law, 200, rng))
        held += found.low <= rise <= found.high
        widths.append(found.high - found.low)
    assert held >= 36
    many = forecast(judged(law, 20_000, rng))
    assert many.high - many.low < np.median(widths)


def test_a_flat_curve_promises_nothing():
    """Every round equally right: no gain, and never a loss."""
    found = forecast([point(each, 1800, 2000) for each in LABELS])
    assert found.gain == pytest.approx(0, abs=1e-3)
    assert 0 <= found.low <= found.high < 0.03


def test_a_perfect_curve_cannot_rise_above_one():
    """All right on 50 images: what is left to gain is what 50 images leave open."""
    found = forecast([point(each, 50, 50) for each in LABELS])
    assert found.gain == 0
    assert found.high < 0.1


def test_rounds_that_scatter_make_the_forecast_less_sure():
    """Counts alone do not explain such jumps, and the last round is near the top already."""
    jumps = [point(x, k, 220) for x, k in ((20, 152), (40, 190), (60, 189), (80, 213))]
    smooth = [point(x, round(float(law(x)) * 220), 220) for x in (20, 40, 60, 80)]
    jumpy, calm = forecast(jumps), forecast(smooth)
    assert jumpy.gain <= 1 - 213 / 220
    assert jumpy.high - jumpy.low > calm.high - calm.low


@pytest.mark.parametrize("n", [20, 50, 200])
def test_the_interval_holds_near_the_top_where_all_rounds_share_their_test_images(n):
    """An image is right from some number of labels on, in all later rounds: 60 such test sets."""

    def top(labels):
        return 1 - 0.5 * labels**-0.6

    rng = np.random.default_rng(1)
    held = 0
    for _ in range(60):
        hard = rng.random(n)
        found = forecast([point(each, int((hard < top(each)).sum()), n) for each in LABELS])
        held += found.low <= top(260) - top(160) <= found.high
    assert held >= 54


def test_many_rounds_on_the_same_test_images_are_not_many_measurements():
    """Eleven rounds leave about as much open as six that span the same labels."""
    few = forecast([point(each, 45, 50) for each in range(20, 171, 30)])
    many = forecast([point(each, 45, 50) for each in range(20, 171, 15)])
    assert many.high > 0.85 * few.high


def test_a_tiny_test_set_gives_no_forecast_but_says_what_it_takes():
    """All right on 7 images may be an accuracy of 59 %: that leaves too much open."""
    low, high = interval(7, 7)
    assert high - low > WIDEST
    told = advise([point(each, 7, 7) for each in LABELS], [None], 0.95)[-1]
    assert not told.stop
    assert "7 of about 17" in told.text
    assert np.diff(interval(17, 17)) <= WIDEST < np.diff(interval(16, 16))
    assert "points" in advise([point(each, 17, 17) for each in LABELS], [None], 0.95)[-1].text


@pytest.mark.parametrize("right", [3, 5, 8, 9])
def test_the_number_of_test_labels_is_the_first_that_is_enough(right):
    """Counted up from ten, at the same accuracy."""
    n = enough_tests(point(100, right, 10))
    slow = next(
        each for each in range(10, 1000)
        if np.diff(interval(round(right / 10 * each), each)) <= WIDEST
    )  # fmt: skip
    assert n == slow


def test_with_few_rounds_nothing_is_forecast():
    """Three rounds, or many with the same number of labels, are too few to say."""
    points = [point(each, 80, 100) for each in LABELS[: ENOUGH - 1]]
    assert forecast(points) is None
    assert forecast([point(20, 80, 100)] * 9) is None
    told = advise(points, [None, 0.9, 0.95], 0.95)
    assert "Too few rounds to say" in told[-1].text
    assert f"3 of {ENOUGH}" in told[-1].text


def test_kappa_is_chance_corrected_agreement():
    """Re-derived from the table; 1 if all agree, 0 for independent guesses, None for nothing."""
    rng = random.Random(0)
    first = {i: rng.choice((1, 2, 3)) for i in range(3000)}
    second = {i: each if rng.random() < 0.7 else rng.choice((1, 2, 3)) for i, each in first.items()}
    n = len(first)
    observed = sum(first[i] == second[i] for i in first) / n
    chance = sum(
        sum(v == k for v in first.values()) * sum(v == k for v in second.values())
        for k in (1, 2, 3)
    ) / n**2  # fmt: skip
    one, other = (np.array(list(each.values())) for each in (first, second))
    assert kappa(one, other) == pytest.approx((observed - chance) / (1 - chance))
    assert kappa(one, one) == 1
    assert kappa(np.array([5, 5]), np.array([5, 5])) == 1
    independent = np.array([rng.choice((1, 2, 3)) for _ in first])
    assert abs(kappa(one, independent)) < 0.05
    assert kappa(one[:0], other[:0]) is None


def test_advice_writes_percent_one_way():
    """A space before each sign, as on the pages: none as in "95.0%", none without a number."""
    told = " ".join(each.text for each in advise([point(40, 199, 200)], [None], 0.95))
    assert re.findall(r".%", told) == ["\N{NO-BREAK SPACE}%"] * 3


@pytest.mark.parametrize(
    ("agreements", "stop"),
    [
        ([None], False),
        ([None, 0.995, 0.999], False),
        ([None, 0.995, 0.999, 0.99], True),
        ([0.995, 0.98, 0.999, 0.99], False),
        ([0.995, 0.999, 0.99, 0.7], False),
        ([0.995, None, 0.99, 0.99], False),
    ],
)
def test_three_rounds_in_a_row_must_agree(agreements, stop):
    """One that changed its mind, or was not compared, breaks the row."""
    assert advise([point(40, 90, 100)], agreements, 0.95)[1].stop is stop


def test_without_a_test_label_there_is_one_sentence():
    """Nothing is said about a curve that is not there."""
    [only] = advise([], [], 0.95)
    assert not only.stop
