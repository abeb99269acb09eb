"""Every strategy in ACQUIRE keeps the contract; a new one is covered when it is in the table."""

import numpy as np
import pytest

from ssl_core.acquire import ACQUIRE, Labels, Pool, strategy
from ssl_core.acquire.typiclust import TypiClust
from ssl_core.errors import SSLError
from tests.ssl_core.acquire.softmax import softmax

every = pytest.mark.parametrize("name", ACQUIRE)
by_score = pytest.mark.parametrize("name", ["entropy", "margin", "least_confidence"])


def pool(n=200, seed=0, ids=None):
    """Images in five blobs, with random predictions of three classes."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(0, 5, (5, 8))
    embeddings = centers[rng.integers(5, size=n)] + rng.normal(0, 0.3, (n, 8))
    ids = np.arange(n) * 7 + 3 if ids is None else ids
    logits = rng.normal(0, 2, (n, 3))
    members = logits + rng.normal(0, 1, (4, n, 3))
    return Pool(ids, softmax(logits), embeddings, ("cat", "dog", "owl"), softmax(members))


def ask(name, images, n, known=(), seed=1):
    """Select with a fresh generator."""
    labels = Labels(np.array(known, np.int64), np.zeros(len(known), np.int64))
    return strategy(name).select(images, labels, n, np.random.default_rng(seed))


def shuffled(images, seed=2):
    """The same images in another order."""
    order = np.random.default_rng(seed).permutation(len(images.ids))
    return Pool(
        images.ids[order], images.probabilities[order], images.embeddings[order],
        images.classes, images.members[:, order],
    )  # fmt: skip


@every
def test_asks_what_is_open_once_and_says_why(name):
    """n images, none labeled, none twice, each with score, propensity and reason."""
    images = pool()
    known = images.ids[:30]
    asked = ask(name, images, 12, known)
    assert len(set(asked.ids.tolist())) == len(asked.ids) == 12
    assert set(asked.ids.tolist()) <= set(images.ids.tolist()) - set(known.tolist())
    assert len(asked.score) == len(asked.propensity) == len(asked.reason) == 12
    assert all(asked.reason)
    assert np.isfinite(asked.score).all()


@every
def test_the_order_of_rows_makes_no_difference(name):
    """A database may return its rows as it likes."""
    images = pool()
    one, other = ask(name, images, 10), ask(name, shuffled(images), 10)
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_array_equal(one.score, other.score)
    assert one.reason == other.reason


@every
def test_repeated_rows_are_asked_once(name):
    """A pool that lists an image twice does not ask it twice."""
    images = pool(20)
    twice = Pool(
        np.tile(images.ids, 2), np.tile(images.probabilities, (2, 1)),
        np.tile(images.embeddings, (2, 1)), images.classes, np.tile(images.members, (1, 2, 1)),
    )  # fmt: skip
    assert sorted(ask(name, twice, 40).ids.tolist()) == sorted(images.ids.tolist())


@every
def test_fewer_left_than_asked_for_gives_all(name):
    """The last batch is a short one."""
    images = pool(30)
    asked = ask(name, images, 50, known=images.ids[:25])
    assert sorted(asked.ids.tolist()) == images.ids[25:].tolist()


@every
def test_nothing_left_gives_nothing(name):
    """All labeled, an empty pool, or n = 0: an empty selection, and no error."""
    images = pool(10)
    empty = Pool(np.empty(0, np.int64), np.empty((0, 3)), np.empty((0, 8)), (), np.empty((2, 0, 3)))
    for asked in (ask(name, images, 5, images.ids), ask(name, empty, 5), ask(name, images, 0)):
        assert len(asked.ids) == len(asked.score) == len(asked.reason) == 0


@every
def test_identical_images_are_still_asked(name):
    """A pool of one image repeated under many ids has no groups to find."""
    p = np.full((2, 30, 3), 1 / 3)
    same = Pool(np.arange(30), p[0], np.ones((30, 8)), (), p)
    assert len(set(ask(name, same, 7).ids.tolist())) == 7


@every
def test_the_global_random_state_is_untouched(name):
    """Only the generator that is passed is drawn from."""
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the global state is what is tested
    ask(name, pool(), 10)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@by_score
def test_without_embeddings_the_highest_scores_win_and_ties_go_to_the_lower_id(name):
    """Equal predictions are asked in the order of their ids."""
    ids = np.array([9, 4, 7, 1, 5])
    p = np.array([[0.5, 0.5], [0.95, 0.05], [0.5, 0.5], [0.5, 0.5], [1.0, 0.0]])
    assert ask(name, Pool(ids, p), 4).ids.tolist() == [1, 7, 9, 4]


@by_score
def test_a_batch_is_spread_over_the_groups(name):
    """Five groups, all doubtful, one of them a little more: five asked, one of each."""
    group = np.repeat(np.arange(5), 10)
    embeddings = np.eye(5)[group] + np.random.default_rng(0).normal(0, 0.01, (50, 5))
    p = softmax(np.stack([np.where(group == 2, 0.0, 0.1 + group / 10), np.zeros(50)], axis=1))
    asked = ask(name, Pool(np.arange(50), p, embeddings), 5)
    assert sorted(group[asked.ids].tolist()) == [0, 1, 2, 3, 4]
    assert group[asked.ids[0]] == 2, "the most doubtful comes first"


@by_score
def test_only_the_shortlist_is_spread(name):
    """A certain image far from all others is not asked for being odd."""
    rng = np.random.default_rng(0)
    p = softmax(np.concatenate([rng.normal(0, 0.1, (40, 2)), [[50.0, 0.0]]]))
    embeddings = np.concatenate([rng.normal(1, 0.1, (40, 4)), [[-9.0, 9.0, -9.0, 9.0]]])
    assert 40 not in ask(name, Pool(np.arange(41), p, embeddings), 4).ids


@by_score
@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.1, 3.0])
def test_a_prediction_that_is_none_names_the_image(name, bad):
    """Not the row: the image, whatever its place."""
    images = pool(10)
    images.probabilities[4, 1] = bad
    with pytest.raises(SSLError, match=f"image {images.ids[4]} is no probabilities"):
        ask(name, images, 3)


@pytest.mark.parametrize("name", ["entropy", "cold_start"])
def test_an_embedding_that_is_not_a_number_names_the_image(name):
    """It would end in no group."""
    images = pool(10)
    images.embeddings[4, 1] = np.inf
    with pytest.raises(SSLError, match=f"embedding of image {images.ids[4]}"):
        ask(name, images, 3)


@pytest.mark.parametrize(
    ("name", "missing"),
    [("entropy", "predictions"), ("margin", "predictions"), ("cold_start", "embeddings")],
)
def test_what_is_missing_is_named_with_the_way_out(name, missing):
    """Before the first round there are no predictions; random always works."""
    with pytest.raises(SSLError, match=f"needs the pool's {missing}. Use .*'random'"):
        ask(name, Pool(np.arange(5)), 2)
    assert len(ask("random", Pool(np.arange(5)), 2).ids) == 2


def test_a_reason_says_apart_what_a_model_takes_the_image_for():
    """The words are for everybody; the number and the two likeliest classes stand behind them."""
    images = Pool(np.array([4]), np.array([[0.5, 0.1, 0.4]]), None, ("cat", "dog", "owl"))
    [said] = ask("entropy", images, 1).reason
    assert (said, said.detail) == ("the model is undecided", "entropy 0.94 nats")
    assert said.guess == "torn between cat and owl"
    unnamed = Pool(images.ids, images.probabilities)
    assert ask("entropy", unnamed, 1).reason[0].guess == "torn between class 0 and class 2"


@pytest.mark.parametrize("name", sorted(ACQUIRE))
def test_no_reason_names_a_class(name):
    """Whoever answers reads it: a name in it would be the model's guess."""
    rng = np.random.default_rng(0)
    members = rng.dirichlet([1, 1, 1], (4, 60))
    classes = ("zebra", "yak", "quail")
    images = Pool(np.arange(60), members.mean(0), rng.normal(size=(60, 5)), classes, members)
    labels = Labels(np.array([0, 1, 2]), np.array([0, 1, 2]))
    found = strategy(name).select(images, labels, 12, rng)
    assert all(found.reason)
    assert not [each for each in found.reason if any(word in each for word in classes)]
    assert not [
        each for each in found.reason if any(sign.isdigit() for sign in each)
    ]  # plain words


def test_random_knows_its_propensity_and_the_others_have_none():
    """Ten of forty: one in four, for each. A ranking has no chance in it."""
    asked = ask("random", pool(40), 10)
    np.testing.assert_allclose(asked.propensity, 0.25)
    assert np.isnan(ask("entropy", pool(40), 10).propensity).all()


def test_random_favors_no_image():
    """Over many draws each of ten images comes equally often (4 standard deviations)."""
    images, rng = Pool(np.arange(10)), np.random.default_rng(0)
    count = np.zeros(10)
    for _ in range(1000):
        count[strategy("random").select(images, Labels(), 3, rng).ids] += 1
    assert abs(count - 300).max() < 4 * np.sqrt(1000 * 0.3 * 0.7)


def test_typiclust_asks_one_of_each_group_the_largest_first():
    """Three blobs of 60, 30 and 10: three asked, each of another, in that order."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], [60, 30, 10])
    images = Pool(np.arange(100), None, np.eye(3)[group] + rng.normal(0, 0.05, (100, 3)))
    asked = ask("typiclust", images, 3)
    assert group[asked.ids].tolist() == [0, 1, 2]
    assert asked.reason == ("many images look like this one",) * 3
    told = [each.detail for each in asked.reason]
    assert told == [f"typical of a group of {size}" for size in (60, 30, 10)]


def test_typiclust_prefers_groups_without_a_label():
    """The large group is known; the next question goes to the small one."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], [80, 20])
    images = Pool(np.arange(100), None, np.eye(2)[group] + rng.normal(0, 0.01, (100, 2)))
    assert group[ask("typiclust", images, 1, known=[5]).ids[0]] == 1


def test_typical_is_where_neighbors_are_nearest():
    """Of one group, the row with the smallest mean distance to its neighbors is asked."""
    rng = np.random.default_rng(0)
    angle = rng.normal(0, 0.3, 15)  # fewer than 21 rows: all others are the neighbors
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    distance = np.linalg.norm(x[:, None] - x[None], axis=2).sum(1)
    asked = TypiClust().select(Pool(np.arange(15), None, x), Labels(), 1, rng)
    assert asked.ids[0] == distance.argmin()


def test_an_unknown_strategy_lists_the_right_ones():
    """The message guesses what was meant."""
    with pytest.raises(SSLError, match=r"Did you mean 'entropy'\? Choose one of: badge, "):
        strategy("entropie")
