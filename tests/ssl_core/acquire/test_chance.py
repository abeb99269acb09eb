"""Draws by chance: their propensities are true, so totals over the drawn are right for all."""

import numpy as np
import pytest

from ssl_core.acquire import Labels, Pool, strategy
from ssl_core.acquire.gumbel import draw
from tests.ssl_core.acquire.softmax import softmax

RUNS = 20_000
WEIGHTS = np.array([8.0, 4, 2, 1, 1, 0.5, 0.25, 0.1])


@pytest.fixture(scope="module")
def draws():
    """Which of eight images were drawn in each of many draws of three, and with what chance."""
    rng = np.random.default_rng(0)
    chance = np.zeros((RUNS, len(WEIGHTS)))
    for run in range(RUNS):
        places, found = draw(WEIGHTS, 3, rng)
        chance[run, places] = found
    return chance


def successive(n):
    """The chance of each image to be among `n` successive draws: the sum over all orders."""
    found = np.zeros(len(WEIGHTS))

    def go(left, chance, taken):
        if len(taken) == n:
            found[taken] += chance
            return
        for i in left:
            go(left - {i}, chance * WEIGHTS[i] / WEIGHTS[list(left)].sum(), [*taken, i])

    go(set(range(len(WEIGHTS))), 1.0, [])
    return found


def test_images_come_as_often_as_successive_draws_say(draws):
    """Gumbel noise and a ranking are drawing one after the other by weight (4 standard errors)."""
    expected = successive(3)
    often = (draws > 0).mean(axis=0)
    assert (abs(often - expected) < 4 * np.sqrt(expected * (1 - expected) / RUNS)).all()


def test_the_inverse_of_the_propensity_makes_each_image_count_once(draws):
    """The mean of drawn / propensity is 1 for every image, the rarest included (5 s.e.)."""
    weight = np.divide(1, draws, out=np.zeros_like(draws), where=draws > 0)
    error = weight.std(axis=0) / np.sqrt(RUNS)
    assert (abs(weight.mean(axis=0) - 1) < 5 * error).all()


def test_when_all_are_drawn_each_chance_is_one():
    """Asking for as many as there are, or more."""
    for n in (8, 20):
        places, chance = draw(WEIGHTS, n, np.random.default_rng(0))
        assert sorted(places) == list(range(8))
        assert (chance == 1).all()


def test_gumbel_prefers_the_doubtful_and_says_that_it_was_chance():
    """A certain image can be drawn, but seldom is; each has a propensity above 0."""
    p = softmax([[0.0, 0.0]] * 5 + [[30.0, 0.0]] * 5)
    images, rng, doubtful = Pool(np.arange(10), p), np.random.default_rng(0), 0
    for _ in range(300):
        asked = strategy("gumbel").select(images, Labels(), 2, rng)
        doubtful += int((asked.ids < 5).sum())
        assert ((asked.propensity > 0) & (asked.propensity <= 1)).all()
        assert "drawn by chance" in asked.reason[0]
    assert 0.9 < doubtful / 600 < 1


def test_gumbel_draws_evenly_when_nothing_is_in_doubt():
    """All scores 0: every image has a chance."""
    certain = Pool(np.arange(4), np.tile([1.0, 0.0], (4, 1)))
    seen = {
        int(strategy("gumbel").select(certain, Labels(), 1, np.random.default_rng(s)).ids[0])
        for s in range(60)
    }
    assert seen == {0, 1, 2, 3}
