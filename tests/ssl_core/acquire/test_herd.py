"""Herding: what covers the most doubt, against a search that works everything out each time."""

import numpy as np
import pytest

from ssl_core.acquire import RARE, Labels, Pool, herd
from ssl_core.acquire.herd import Herd, herded, unevenness
from ssl_core.errors import SSLError
from tests.ssl_core.acquire.softmax import softmax


def ask(policy, pool, n, ids=(), y=()):
    labeled = Labels(np.array(ids, np.int64), np.array(y, np.int64))
    return policy.select(pool, labeled, n, np.random.default_rng(0))


def test_greedy_equals_working_out_every_gain_each_time():
    """The total cover after each candidate, over all rows, for each of eight picks."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 3))
    like = np.exp(-((points[:, None] - points[None]) ** 2).sum(2))
    cover, weight, stands = like[:5].max(0), rng.random(60), rng.integers(1, 9, 60)
    chosen, nearer = herded(like, cover, weight, 8, stands)
    for row, near in zip(chosen, nearer, strict=True):
        total = np.maximum(like, cover) @ weight
        assert row == total.argmax()
        assert near == sum(stands[j] for j in range(60) if like[row, j] > cover[j])
        cover = np.maximum(cover, like[row])


def test_twins_of_what_is_known_come_last_and_none_twice():
    """Two places in space, one known: the other first, then by id."""
    points = np.repeat(np.eye(2), 4, axis=0)
    asked = ask(Herd(RARE), Pool(np.arange(8), None, points), 7, ids=[0], y=[0])
    assert asked.ids[0] == 4
    assert sorted(asked.ids.tolist()) == list(range(1, 8))


def blobs(few=6, wide=3, noise=0.15):
    """A crowd of 80, another of 80, and a small group far from both."""
    group = np.repeat([0, 1, 2], [80, 80, few])
    rng = np.random.default_rng(0)
    return group, np.eye(wide)[group] + rng.normal(0, noise, (len(group), wide))


def even(n):
    """Guesses that are as good as undecided, of either of two classes in turn."""
    return np.array([[0.5, 0.5 - 1e-9], [0.5 - 1e-9, 0.5]])[np.arange(n) % 2]


def test_a_small_group_is_met_at_once_as_long_as_nothing_is_known():
    """As the third of three; where the pool is guessed to be even it waits for the crowds."""
    group, points = blobs(few=4, wide=6, noise=0.25)
    ids, place = np.arange(len(group)), []
    for p in None, even(len(group)):
        asked = ask(Herd(RARE), Pool(ids, p, points), 12)
        place.append(group[asked.ids].tolist().index(2))
    assert place[0] == 2 < place[1]


def test_where_the_pool_is_guessed_to_be_even_the_crowds_come_first():
    """Two questions, two crowds, and the second is nearer to its own than the first is."""
    group, points = blobs()
    asked = ask(Herd(RARE), Pool(np.arange(len(group)), even(len(group)), points), 2)
    assert set(group[asked.ids].tolist()) == {0, 1}
    assert all("many images look like this one" in reason for reason in asked.reason)
    assert asked.reason[0].detail.endswith("nearer to 166 images than all that is known")
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    first, second = (unit @ unit[each] for each in asked.ids)
    assert f"nearer to {(second > first).sum()} images" in asked.reason[1].detail


@pytest.mark.parametrize(
    ("y", "expected"),
    [((), 0), ((0, 1, 2, 3), 0), ((0, 0, 1, 1, -1), 1), ((0, 0, 0), 1), ((0, 1, 2), 0.5)],
)
def test_unevenness_is_by_how_many_classes_the_labels_are_worth(y, expected):
    """Four classes: all, none known, two, one, three of them evenly."""
    known = Labels(np.arange(len(y)), np.array(y, np.int64))
    images = Pool(np.arange(8), np.eye(4)[np.arange(8) % 4])
    assert unevenness(known, images) == pytest.approx(expected)


@pytest.mark.parametrize(("guessed", "expected"), [(4, 0), (3, 0.5), (2, 1), (1, 1)])
def test_a_pool_that_is_guessed_to_be_uneven_is_so_whatever_the_labels_are(guessed, expected):
    """Rare classes that were asked for make labels even; without guesses nothing is known."""
    known = Labels(np.arange(4), np.arange(4))
    images = Pool(np.arange(12), np.eye(4)[np.arange(12) % guessed])
    assert unevenness(known, images) == pytest.approx(expected)
    assert unevenness(known, Pool(images.ids)) == 1


def test_a_small_group_counts_sooner_where_the_labels_are_uneven():
    """Doubts are equal: labels of one class bring the small group at once, even ones need not."""
    group, points = blobs()
    images = Pool(np.arange(len(group)), np.full((len(group), 2), 0.5), points)
    known = [0, 1, 2, 3, 80, 81, 82, 83]
    place = []
    for y in (0, 0, 0, 0, 1, 1, 1, 1), (0, 0, 0, 0, 0, 0, 0, 0):
        asked = ask(Herd(RARE), images, 160, ids=known, y=y)
        place.append(group[asked.ids].tolist().index(2))
    assert place[1] <= place[0]
    assert place[1] == 0


def test_doubt_decides_among_places_that_are_alike():
    """Three equal groups, one in doubt: every question goes there."""
    group = np.repeat([0, 1, 2], 20)
    points = np.eye(3)[group] + np.random.default_rng(0).normal(0, 0.1, (60, 3))
    p = softmax(np.where(group == 1, 0.1, 9.0)[:, None] * np.array([1.0, 0.0]))
    asked = ask(Herd(RARE), Pool(np.arange(60), p, points), 3, ids=[0, 20, 40], y=[0, 0, 1])
    assert group[asked.ids].tolist() == [1, 1, 1]
    assert all("close call" in reason and "look like this" in reason for reason in asked.reason)
    assert all("closeness" in each.detail and "nearer to" in each.detail for each in asked.reason)


def test_without_embeddings_the_highest_doubts_are_asked():
    """There is no near and far; without predictions either, it says what it needs."""
    p = np.array([[0.5, 0.5], [0.95, 0.05], [0.6, 0.4], [0.5, 0.5]])
    assert ask(Herd(RARE), Pool(np.arange(4), p), 3).ids.tolist() == [0, 3, 2]
    with pytest.raises(SSLError, match="embeddings"):
        ask(Herd(RARE), Pool(np.arange(4)), 1)


@pytest.mark.parametrize("largest", [5, 40, 200])
def test_a_large_pool_is_drawn_from_and_still_gives_as_many_as_are_wanted(largest, monkeypatch):
    """Rows beyond those that stand for the pool follow when even more are asked."""
    monkeypatch.setattr(herd, "LARGEST", largest)
    rng = np.random.default_rng(0)
    images = Pool(np.arange(100), softmax(rng.normal(size=(100, 3))), rng.normal(size=(100, 4)))
    for n in (3, 30, 120):
        asked = ask(Herd(RARE), images, n)
        assert len(set(asked.ids.tolist())) == min(n, 100)


def test_a_reason_names_the_crowd_only_where_there_is_one():
    """An image that is like no other is asked for its doubt alone."""
    rng = np.random.default_rng(0)
    crowd = rng.normal(0, 0.01, (40, 8)) + 1
    pool = Pool(np.arange(41), np.full((41, 2), 0.5), np.vstack([crowd, -np.eye(8)[:1]]))
    asked = ask(Herd(RARE), pool, 3, ids=[0], y=[0])
    said = dict(zip(asked.ids.tolist(), asked.reason, strict=True))
    assert said[40]
    assert "look like" not in said[40]
    assert asked.reason[0] == said[40] or "look like" in asked.reason[0]
