"""What is said of the goal after each round, and that one promise holds for all rounds."""

import pytest

from annotator.measuring.goal import LEVEL, reached
from annotator.model import Look
from ssl_core.measure.looks import missed, shown


def looks(*counts):
    return [Look(number, right, n) for number, (right, n) in enumerate(counts, 1)]


@pytest.mark.parametrize(
    ("counts", "words", "stop"),
    [
        ([(198, 200)], "is reached, with 97.5", True),
        ([(192, 200)], "may be reached, but that is not certain with so few test labels", False),
        ([(192, 200)] * 2, "may be reached, but that is not certain after so many looks", False),
        ([(6, 8)], "was not reached on these test images, but it is not ruled out with", False),
        ([(150, 200)], "is not reached, with 97.5", False),
        ([(150, 200), (200, 200)], "is reached", True),
        ([(200, 200), (192, 200)], "was reached in round 1, with 97.5", True),
        ([(200, 200), (150, 200)], "is not reached", False),
        ([(0, 0)], "was not looked at yet: no test image had been labeled when round 1 end", False),
    ],
)
def test_the_goal_is_reached_missed_or_open(counts, words, stop):
    """95 % of 200 test images or so, in one round and in two."""
    found = reached(looks(*counts), 0.95)
    assert (f"The goal of 95.0\N{NO-BREAK SPACE}% {words}" in found.text, found.stop) == (
        True,
        stop,
    ), found.text


def test_what_one_look_shows_is_open_after_many():
    """The tenth round with 196 of 200 right; the first alone has reached the goal of 94 %."""
    once, late = [(196, 200)], [(170, 200)] * 9 + [(196, 200)]
    assert reached(looks(*once), 0.94).stop
    told = reached(looks(*late), 0.94)
    assert "may be reached" in told.text
    assert "round 10 had 196 of 200 test images right" in told.text
    assert not told.stop


def test_rounds_before_there_were_test_labels_enough_cost_nothing():
    """A hundred of them, with ten test labels each: the next one is judged as if it were first."""
    early = [(9, 10)] * 100
    assert reached(looks(*early, (100, 100)), 0.95).stop
    assert shown([(100, 100)], 0.95, LEVEL) == [True]
    assert not reached(looks(*[(90, 100)] * 100, (100, 100)), 0.95).stop


def test_both_sides_keep_the_promise_of_their_own():
    """Counted by the same rule; what could not be judged stands beside them."""
    counts = [(150, 200), (170, 200), (192, 200)]
    assert missed(counts, 0.95, LEVEL) == [True, True, False]
    told = reached(looks(*counts), 0.95, unjudged=7).text
    assert "7 of 207 could not" in told
