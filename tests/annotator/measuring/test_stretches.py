"""Which rounds the same test images measure: counted, and said where others joined."""

from annotator.measuring.accuracy import interval
from annotator.measuring.advice import advise
from annotator.measuring.stretches import breaks, stretches
from annotator.model import CurvePoint, Look

LOOKS = [Look(1, 10, 20)]


def point(number, n, model="ssl", labels=None):
    low, high = interval(n // 2, n)
    return CurvePoint(number, labels or 10 * number, model, 0.5, low, high, 0.5, low, high, n)


def test_rounds_that_equally_many_images_measure_are_of_one_stretch():
    """Both models of a round are; in the order of rounds, whatever the order of points."""
    points = [point(n, 20, model) for n in (3, 1, 2) for model in ("ssl", "baseline")]
    points += [point(4, 31), point(4, 31, "baseline"), point(6, 32)]
    found = stretches(points)
    assert [[each.round for each in part] for part in found] == [[1, 1, 2, 2, 3, 3], [4, 4], [6]]
    assert stretches([]) == []


def test_each_break_is_said_with_how_many_images_joined():
    """And nothing is said of a curve that is whole."""
    assert breaks([]) == breaks([point(1, 20), point(2, 20)]) == ""
    said = breaks([point(1, 20), point(2, 31), point(3, 31), point(5, 32)])
    assert "11 more test images from round 2 on, and 1 more test image from round 5 on" in said
    assert "do not compare" in said


def test_a_forecast_goes_by_the_rounds_that_the_same_images_measure():
    """Four rounds before an import and three after it are three; a fourth one lets it speak."""
    before = [point(n, 400) for n in range(1, 5)]
    after = [point(n, 600) for n in range(5, 9)]
    whole = advise(before, LOOKS, [], 0.9)[-1].text
    assert "labels would bring about" in whole
    few = advise([*before, *after[:3]], LOOKS, [], 0.9)[-1].text
    assert "Too few rounds measured on the same test images" in few
    assert "3 of 4" in few
    assert advise([*before, *after], LOOKS, [], 0.9)[-1] == advise(after, LOOKS, [], 0.9)[-1]
