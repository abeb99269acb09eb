"""Looking after every round: what is promised of all looks, by simulation and worked out anew."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from ssl_core.measure.looks import lower, missed, part, parts, shown
from ssl_core.measure.proportion import interval

GOAL, LEVEL = 0.95, 0.025
GROWING = range(10, 301, 10)  # test labels at each of thirty looks
LABELED = [500] * 30  # all of them labeled beforehand


def one_look(looks):
    """The rule that holds for a single look: the lower end of the exact 95 % interval."""
    return [interval(x, n)[0] >= GOAL for x, n in looks]


def histories(sizes, own, accuracy, runs, seed):
    """Looks at models of this accuracy; each finds a share `own` of the images as hard anew."""
    rng, most = np.random.default_rng(seed), max(sizes)
    for _ in range(runs):
        hard = rng.random(most)
        anew = rng.random((len(sizes), most)) < own
        right = np.where(anew, rng.random(anew.shape), hard) < accuracy
        yield [(int(row[:n].sum()), n) for row, n in zip(right, sizes, strict=True)]


@pytest.mark.parametrize("sizes", [GROWING, LABELED], ids=["growing", "labeled before"])
@pytest.mark.parametrize("own", [0.0, 0.3, 1.0], ids=["one model", "alike", "unlike"])
def test_thirty_looks_declare_a_goal_that_is_missed_no_oftener_than_is_promised(sizes, own):
    """A hair below the goal in every round, 600 times: what one look may say errs far oftener."""
    runs = 600
    found = list(histories(sizes, own, GOAL - 1e-6, runs, seed=1))
    wrong = sum(any(shown(each, GOAL, LEVEL)) for each in found) / runs
    assert wrong <= LEVEL + 2 * (LEVEL * (1 - LEVEL) / runs) ** 0.5
    if sizes is not LABELED or own:  # one model on the same images is one look
        assert sum(any(one_look(each)) for each in found) / runs > 2 * LEVEL


def test_rounds_that_are_started_when_the_number_pleases_keep_the_promise():
    """One model; each look is at that of ten numbers of labels at which most are right."""
    rng, wrong, runs = np.random.default_rng(2), 0, 600
    for _ in range(runs):
        right = rng.random(320) < GOAL - 1e-6
        seen, looks = right.cumsum(), []
        for end in range(20, 311, 10):
            spans = np.arange(end, end + 10)
            best = spans[(seen[spans - 1] / spans).argmax()]
            looks.append((int(seen[best - 1]), int(best)))
        wrong += any(shown(looks, GOAL, LEVEL))
    assert wrong / runs <= LEVEL + 2 * (LEVEL * (1 - LEVEL) / runs) ** 0.5


@pytest.mark.parametrize("level", [0.025, 0.05])
def test_the_parts_add_up_to_the_level(level):
    """Of exact fractions: what is left after k looks is 1 / (k + 1) of it, and never nothing."""
    exact = [Fraction(1, each * (each + 1)) for each in range(1, 200)]
    assert [part(each, level) for each in range(1, 200)] == pytest.approx(
        [float(each) * level for each in exact]
    )
    assert 1 - sum(exact) == Fraction(1, 200)


def test_a_look_that_could_not_show_the_goal_spends_nothing():
    """All of 30 right may be 90 %: so it is no look; 90 could be 95 %, and the next has a third."""
    assert parts([30] * 50 + [90, 90, 200], GOAL, LEVEL) == [LEVEL / 2] * 51 + [LEVEL / 6] * 2
    each = iter(parts(range(1, 400), GOAL, LEVEL))
    number = 1
    for n in range(1, 400):
        assert next(each) == part(number, LEVEL)
        number += GOAL**n <= part(number, LEVEL)  # the chance that all n are right
    assert number > 100


def test_a_bound_is_exact_rises_with_what_is_right_and_lies_below_the_share():
    """At it, so many would be right with a chance of just the level."""
    for n in (1, 7, 60, 200):
        bounds = [lower(x, n, LEVEL) for x in range(n + 1)]
        assert bounds[0] == 0
        assert all(np.diff(bounds) > 0)
        for x, bound in enumerate(bounds[1:], 1):
            assert bound < x / n
            assert binom.sf(x - 1, n, bound) == pytest.approx(LEVEL)
            assert bound == pytest.approx(interval(x, n, 2 * LEVEL)[0])


@pytest.mark.parametrize(("x", "n"), [(72, 72), (198, 200), (288, 300), (480, 500), (950, 1000)])
def test_later_looks_need_more_but_not_much_more(x, n):
    """The tenth bound lies 1.7 to 2.3 times as far below the share as that of a single look."""
    alone, tenth = lower(x, n, LEVEL), lower(x, n, part(10, LEVEL))
    assert 1.7 < (x / n - tenth) / (x / n - alone) < 2.3


def by_hand(x, n, goal, at):
    """Whether x of n or more come by chance, at the goal, with a chance of `at` or less."""
    return sum(comb(n, k) * goal**k * (1 - goal) ** (n - k) for k in range(x, n + 1)) <= at


def test_what_is_shown_is_what_integers_say():
    """Each look by its tail of the binomial distribution, in fractions, with its part."""
    rng, goal = np.random.default_rng(0), Fraction(9, 10)
    for _ in range(20):
        sizes = np.sort(rng.integers(20, 90, 6)).tolist()
        looks = [(n - int(rng.integers(0, 5)), n) for n in sizes]
        number, told = 1, []
        for x, n in looks:
            at = Fraction(1, 40) / (number * (number + 1))
            told.append(by_hand(x, n, goal, at))
            number += goal**n <= at
        assert shown(looks, 0.9, LEVEL) == told
        assert missed([(n - x, n) for x, n in looks], 0.1, LEVEL) == told
