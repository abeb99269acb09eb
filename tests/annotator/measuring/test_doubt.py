"""How many pseudo-labels may be right is said from test images, and so is what looks wrong."""

from itertools import product

import pytest

from annotator.measuring.accuracy import interval
from annotator.measuring.doubt import ENOUGH, FLOOR, LOW, WEAK, doubt
from annotator.model import CurvePoint, Judged


def sure(right: int, wrong: int) -> list[Judged]:
    """Test images of class 1 that a round is sure of."""
    pairs = ((1, right), (2, wrong))
    return [Judged(1, 40, "ssl", 1, says, n) for says, n in pairs if n]


def accuracy(value: float, n: int = 100) -> CurvePoint:
    low, high = interval(round(value * n), n)
    return CurvePoint(1, 40, "ssl", value, low, high, value, low, high, n)


@pytest.mark.parametrize(
    ("right", "wrong", "overall"),
    list(product((0, 4, 7, 8, 9, 18, 99), (0, 1, 2, 12), (0.3, 0.6, 0.95))),
)
def test_the_estimate_is_the_share_that_is_right_and_the_floor_holds(right, wrong, overall):
    """Warned of below LOW, left out below FLOOR once enough is known; told with its interval."""
    n = right + wrong
    found = doubt(sure(right, wrong), accuracy(overall), 0.95, {}, {})
    if not n:
        assert "nobody can tell" in found.estimate
        assert not found.left_out
        return
    low, high = interval(right, n)
    for share in (right / n, low, high):
        assert f"{100 * share:.1f}\u00a0%" in found.estimate
    assert f"{n} labeled test image" in found.estimate
    assert any("may be wrong" in each for each in found.warnings) == (right / n < LOW)
    assert any("of all test images" in each for each in found.warnings) == (overall < WEAK)
    assert found.left_out == ((n >= ENOUGH and right / n < FLOOR) or overall < WEAK)


def test_a_low_accuracy_on_a_handful_of_test_images_leaves_nothing_out():
    """It is said; who has three test labels cannot know better."""
    found = doubt(sure(3, 0), accuracy(1 / 3, 3), 0.95, {}, {})
    assert found.warnings
    assert not found.left_out


def test_a_class_that_swallows_others_and_one_that_is_never_said_are_named():
    """Of three classes that experts gave alike, one has most of the guesses and one has none."""
    human = {"red": 20, "white": 20, "platelet": 20, "unseen": 0}
    found = doubt(sure(50, 0), accuracy(0.95), 0.95, human, {"red": 175, "white": 60})
    [swallows, never] = found.warnings
    assert swallows.startswith("175 of 235 pseudo-labels say 'red', and so do 20 of 60 labels")
    assert never == "No pseudo-label says 'platelet'."
    even = doubt(sure(50, 0), accuracy(0.95), 0.95, human, dict.fromkeys(human, 70))
    assert even.warnings == ()
    assert even.said == (even.estimate,)


def test_without_any_pseudo_label_no_class_is_named():
    """Nothing is sure enough: that no class has one is no news of any class."""
    assert doubt([], None, 0.95, {"a": 3, "b": 3}, {}).warnings == ()
