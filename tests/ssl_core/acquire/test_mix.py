"""Policies made of policies: stages, shares, and who takes what."""

import numpy as np
import pytest

from ssl_core.acquire import ACQUIRE, Labels, Pool, Selection, strategy
from ssl_core.acquire.mix import First, Mix
from tests.ssl_core.acquire.softmax import softmax


class Lowest:
    """Asks the lowest ids, and says its name."""

    def __init__(self, name):
        self.name = name

    def select(self, pool, labeled, n, rng):
        del rng
        ids = np.setdiff1d(pool.ids, labeled.ids)[:n]
        nobody, never = np.full(len(ids), np.nan), np.zeros(len(ids), bool)
        return Selection(ids, np.ones(len(ids)), nobody, (self.name,) * len(ids), never)


def ask(policy, pool, n, y=()):
    labeled = Labels(np.arange(100, 100 + len(y)), np.array(y, np.int64))
    return policy.select(pool, labeled, n, np.random.default_rng(0))


STAGES = (0, 0), (0, 0, 0, 0, 0, 1, 1, 1, 2), (0, 1, 2)
POOL = Pool(np.arange(40), np.full((40, 3), 1 / 3))


@pytest.mark.parametrize(
    ("y", "stage"),
    [
        ((), "start"),
        ((0, 1, 1, 0), "start"),
        ((0, 1, 2), "then"),
        ((0,) * 11, "start"),
        ((0,) * 12, "then"),
        ((0, 1, -1), "start"),
    ],
)
def test_the_start_ends_when_each_class_has_a_label_or_patience_does(y, stage):
    """Three classes, four labels of patience each; an image that waits for its answer counts 0."""
    policy = First(Lowest("start"), Lowest("then"), patience=4)
    assert set(ask(policy, POOL, 2, y).reason) == {stage}


def test_without_predictions_the_start_goes_on():
    """Labels alone are not enough to be unsure."""
    policy = First(Lowest("start"), Lowest("then"))
    assert ask(policy, Pool(POOL.ids), 1, (0, 1, 2)).reason == ("start",)


def test_shares_are_kept_and_interleaved():
    """Three quarters and one quarter of eight, never both of one image, in even turns."""
    asked = ask(Mix(((0.75, Lowest("a")), (0.25, Lowest("b")))), POOL, 8)
    assert asked.reason == ("a", "a", "b", "a", "a", "a", "b", "a")
    assert sorted(asked.ids.tolist()) == list(range(8))
    assert asked.ids[[0, 1, 3, 4, 5, 7]].tolist() == list(range(6)), "the first part chooses first"


@pytest.mark.parametrize("n", [1, 7, 20, 39, 40, 60])
def test_a_mix_asks_as_many_as_are_wanted_and_there(n):
    """Whatever the rounding of shares."""
    asked = ask(Mix(((0.9, Lowest("a")), (0.1, ACQUIRE["random"]))), POOL, n)
    assert len(set(asked.ids.tolist())) == min(n, 40)


def test_the_random_slice_knows_its_chance_and_the_rest_has_none():
    """One of ten is drawn from the 31 that the nine others left."""
    asked = ask(Mix(((0.9, Lowest("a")), (0.1, ACQUIRE["random"]))), POOL, 10)
    drawn = np.array([reason != "a" for reason in asked.reason])
    assert drawn.sum() == 1
    np.testing.assert_allclose(asked.propensity[drawn], 1 / 31)
    assert np.isnan(asked.propensity[~drawn]).all()


@pytest.mark.parametrize(
    ("y", "stage"),
    [((0, 1, 2), "then"), ((0,) * 6 + (1,) * 4 + (2,) * 1, "start"), ((0, 0, 0, 1, 1, 2), "then")],
)
def test_a_class_that_falls_behind_brings_the_start_back(y, stage):
    """Half of an even share: of eleven labels for three classes, two are needed of each."""
    policy = First(Lowest("start"), Lowest("then"), share=0.5)
    assert set(ask(policy, POOL, 2, y).reason) == {stage}


@pytest.mark.parametrize(("each", "stage"), [(3, "start"), (4, "then")])
def test_above_an_even_share_only_patience_ends_the_start(each, stage):
    """Classes that are quite even, at three labels each and at the four of patience."""
    policy = First(Lowest("start"), Lowest("then"), share=2, patience=4)
    assert set(ask(policy, POOL, 2, (0, 1, 2) * each).reason) == {stage}


def test_the_default_asks_what_is_near_to_much_and_then_a_tenth_by_chance():
    """One rule, with doubts once there are predictions; random images once each class is met."""
    rng = np.random.default_rng(0)
    images = Pool(np.arange(60), softmax(rng.normal(size=(60, 3))), rng.normal(size=(60, 5)))
    blind = Pool(images.ids, None, images.embeddings)
    first = ask(strategy("mix"), blind, 10).reason
    assert all(reason.endswith("like this one") for reason in first)
    early, rare, even = (ask(strategy("mix"), images, 10, y).reason for y in STAGES)
    for reasons, chance in (early, 0), (rare, 1), (even, 1):
        assert reasons.count("chosen at random") == chance
        assert sum(reason.startswith("a close call") for reason in reasons) == 10 - chance


@pytest.mark.parametrize("name", ["cold_start", "mix"])
def test_rare_classes_are_met_before_there_is_a_model(name):
    """Ten groups, five of them rare: in ten questions it meets more of them than random does."""
    met = {each: _met(each) for each in (name, "random")}
    assert met[name] >= 1.2 * met["random"]


def _met(name):
    """Return how many groups ten questions meet in all, over ten seeds."""
    rng, met = np.random.default_rng(0), 0
    group = np.repeat(np.arange(10), [60] * 5 + [4] * 5)
    for seed in range(10):
        points = np.eye(10)[group] + rng.normal(0, 0.1, (len(group), 10))
        images = Pool(np.arange(len(group)), None, points)
        asked = strategy(name).select(images, Labels(), 10, np.random.default_rng(seed))
        met += len(set(group[asked.ids].tolist()))
    return met


def test_the_cold_start_is_three_quarters_typical_and_one_far():
    """Eight questions: six and two, in turns."""
    rng = np.random.default_rng(0)
    images = Pool(np.arange(60), None, rng.normal(size=(60, 5)))
    asked = strategy("cold_start").select(images, Labels(), 8, rng)
    kinds = [reason.detail.split()[0] for reason in asked.reason]
    assert (kinds.count("typical"), kinds.count("distance")) == (6, 2)
