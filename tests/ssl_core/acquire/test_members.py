"""BALD, disagreement and BatchBALD: what several members know of each other's mistakes."""

import itertools
import math

import numpy as np
import pytest

from ssl_core.acquire import Labels, Pool, strategy
from ssl_core.acquire import classwise as module
from ssl_core.acquire.bald import bald
from ssl_core.acquire.batch_bald import together
from ssl_core.acquire.disagreement import disagreement
from ssl_core.errors import SSLError
from tests.ssl_core.acquire.softmax import softmax

both = pytest.mark.parametrize("score", [bald, disagreement])


def entropy(p):
    return -sum(q * math.log(q) for q in p if q > 0)


@both
def test_members_that_agree_leave_nothing_to_learn(score):
    """However unsure they are together."""
    same = np.tile([[0.5, 0.5], [0.9, 0.1], [1, 0]], (3, 1, 1))
    np.testing.assert_allclose(score(same), 0, atol=1e-12)


@pytest.mark.parametrize(("members", "classes"), [(2, 5), (5, 2), (4, 4)])
def test_bald_is_largest_for_sure_members_that_differ(members, classes):
    """Each sure of another class: ln of the smaller of members and classes."""
    sure = np.eye(classes)[np.arange(members) % classes][:, None]
    count = np.bincount(np.arange(members) % classes) / members
    found = bald(sure)[0]
    assert found == pytest.approx(entropy(count))
    assert found <= math.log(min(members, classes)) + 1e-12


@both
def test_scores_equal_the_slow_way_and_keep_their_bounds(score):
    """A loop over rows and members."""
    rng = np.random.default_rng(0)
    p = softmax(rng.normal(0, 3, (5, 40, 4)))
    for row, found in enumerate(score(p)):
        mean = p[:, row].mean(0)
        if score is bald:
            expected = entropy(mean) - np.mean([entropy(each) for each in p[:, row]])
            assert 0 <= found <= math.log(4)
        else:
            expected = np.mean([((each - mean) ** 2).sum() for each in p[:, row]])
            assert 0 <= found <= 1 - 1 / 5
        assert found == pytest.approx(expected)


@both
def test_chunks_and_order_change_nothing_and_certainty_stays_finite(score, monkeypatch):
    """To the bit; and a probability of 0 needs no logarithm."""
    rng = np.random.default_rng(0)
    p = softmax(rng.normal(0, 5, (3, 101, 4))).astype(np.float32)
    p[:, :2] = [1, 0, 0, 0]
    whole, order = score(p), rng.permutation(101)
    assert np.isfinite(whole).all()
    monkeypatch.setattr(module, "CHUNK", 21)
    np.testing.assert_array_equal(score(p[:, order]), whole[order])


@both
def test_what_is_no_probability_or_has_no_members_is_named(score):
    """The row, or the shape that is needed."""
    p = np.full((2, 5, 3), 1 / 3)
    p[1, 3, 0] = np.nan
    with pytest.raises(SSLError, match="Row 3 holds no probabilities"):
        score(p)
    with pytest.raises(SSLError, match=r"must be \(members, rows, classes\)"):
        score(np.zeros((5, 3)))
    assert score(np.zeros((2, 0, 3))).shape == (0,)


def information(p):
    """Mutual information of all images' answers (K, b, C) and the member, by every outcome."""
    count, images, classes = p.shape
    joint = 0.0
    for outcome in itertools.product(range(classes), repeat=images):
        each = [np.prod([p[k, i, c] for i, c in enumerate(outcome)]) for k in range(count)]
        chance = np.mean(each)
        joint -= chance * math.log(chance) if chance > 0 else 0
    alone = np.mean([sum(entropy(p[k, i]) for i in range(images)) for k in range(count)])
    return joint - alone


def test_batch_bald_passes_over_the_twin_that_bald_picks():
    """Images 0 and 1 split four members alike; image 2 splits them the other way, less sharply."""
    sharp, soft = [0.99, 0.01], [0.9, 0.1]
    one = [sharp, sharp, sharp[::-1], sharp[::-1]]
    other = [soft, soft[::-1], soft, soft[::-1]]
    p = np.array([one, one, other]).transpose(1, 0, 2)
    images = Pool(np.array([5, 6, 7]), p.mean(0), np.eye(3), (), p)
    rng = np.random.default_rng(0)
    assert np.argsort(-bald(p), kind="stable")[:2].tolist() == [0, 1]
    assert strategy("batch_bald").select(images, Labels(), 2, rng).ids.tolist() == [5, 7]


def test_batch_bald_adds_up_to_the_information_of_the_whole_batch():
    """Greedy gains are differences of the joint information, worked out by every outcome."""
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(3), (4, 6))
    chosen, gain = together(p, 3, rng)
    batch: list[int] = []
    for place, added in zip(chosen, gain, strict=True):
        before = information(p[:, batch]) if batch else 0.0
        rest = [i for i in range(6) if i not in batch]
        each = {i: information(p[:, [*batch, i]]) - before for i in rest}
        assert place == max(each, key=each.__getitem__)
        assert added == pytest.approx(each[place])
        batch.append(int(place))


def test_batch_bald_samples_outcomes_that_are_too_many(monkeypatch):
    """With a tenth of the outcomes, the gains come within a tenth of the exact ones."""
    p = np.random.default_rng(4).dirichlet(np.full(3, 0.3), (8, 12))
    exact = together(p, 5, np.random.default_rng(0))[1].sum()
    from ssl_core.acquire import batch_bald

    monkeypatch.setattr(batch_bald, "OUTCOMES", 25)
    drawn = together(p, 5, np.random.default_rng(0))[1].sum()
    assert drawn == pytest.approx(exact, rel=0.1)
