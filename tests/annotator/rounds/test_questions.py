"""From a policy's picks to the queue: what is mixed in, and why."""

import numpy as np
import pytest

from annotator.rounds.questions import order
from annotator.store.queue import RANDOM
from ssl_core.acquire import Selection
from tests.annotator.small import workspace


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The store of sixty images, none labeled."""
    return workspace(tmp_path_factory.mktemp("ask") / "ws", 60, side=20, steps=4).store


def split(store, name):
    """The ids of a split; those that are drawn last come first."""
    return store.queue.unanswered(name, 100)[::-1]


def picks(ids, reasons):
    return Selection(np.array(ids), np.zeros(len(ids)), np.full(len(ids), np.nan), tuple(reasons),
                     np.array([each == RANDOM for each in reasons]))  # fmt: skip


def test_a_policy_that_draws_nothing_gets_some_images_at_random(store):
    """Or whatever is called random would be a test image."""
    chosen = split(store, "pool")[:20]
    asks = order(store, picks(chosen, ["entropy"] * 20))
    tests = set(split(store, "test"))
    assert {ask.reason for ask in asks if ask.image_id in tests} == {RANDOM}
    assert [place for place, ask in enumerate(asks, 1) if ask.image_id not in tests
            and ask.reason == RANDOM] == [3, 13, 23]  # fmt: skip


def test_a_policy_that_draws_some_itself_decides_how_many(store):
    """Its picks stand in its order with the test images between them, and nothing else."""
    chosen, tests = split(store, "pool")[:20], set(split(store, "test"))
    asks = order(store, picks(chosen, [RANDOM if place % 10 == 5 else "x" for place in range(20)]))
    assert [ask.image_id for ask in asks if ask.image_id not in tests] == chosen
    assert [place for place, ask in enumerate(asks, 1) if ask.image_id in tests][:3] == [5, 10, 15]
