"""Selectors that spread: k-center, BADGE, Cluster-Margin, against brute force and autograd."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ssl_core.acquire import Labels, Pool, far, strategy
from ssl_core.acquire.badge import residual
from ssl_core.acquire.diverse import Diverse
from ssl_core.acquire.far import farthest, plus_plus
from ssl_core.acquire.margin import margin
from ssl_core.acquire.score import Score
from tests.ssl_core.acquire.softmax import softmax


def gaps(points, centers):
    """Distance of each row to its nearest center, between directions."""
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return np.linalg.norm(unit[:, None] - unit[list(centers)][None], axis=2).min(1)


def squares(points):
    """All squared distances at once, (m, m)."""
    return ((points[:, None] - points[None]) ** 2).sum(2)


@pytest.mark.parametrize("seed", range(10))
def test_k_center_is_within_twice_the_optimum(seed):
    """The optimum is found by trying every subset."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(12, 3))
    chosen = strategy("k_center").select(Pool(np.arange(12), None, points), Labels(), 3, rng).ids
    best = min(gaps(points, some).max() for some in itertools.combinations(range(12), 3))
    assert gaps(points, chosen).max() <= 2 * best + 1e-6


def test_k_center_goes_on_from_what_is_labeled():
    """Two of three corners are known: the third comes first."""
    corner = np.repeat([0, 1, 2], 10)
    points = np.eye(3)[corner] + np.random.default_rng(0).normal(0, 0.01, (30, 3))
    known = Labels(np.array([0, 25]), np.array([0, 2]))
    asked = strategy("k_center").select(
        Pool(np.arange(30), None, points), known, 1, np.random.default_rng(0)
    )
    assert corner[asked.ids[0]] == 1
    assert asked.score[0] == pytest.approx(gaps(points, [0, 25]).max(), abs=1e-5)
    assert asked.reason[0].startswith("unlike all that is known")


@pytest.mark.parametrize("block", [1, 4, 32])
def test_farthest_first_equals_one_at_a_time(block, monkeypatch):
    """Whatever the number of columns at once, twins and ties included."""
    monkeypatch.setattr(far, "BLOCK", block)
    points = np.random.default_rng(0).integers(0, 4, (60, 2)).astype(float)
    square = squares(points)
    gap, expected = square[:, 0].copy(), []
    while len(expected) < 20:
        row = int(np.argmax(np.where(np.isin(np.arange(60), expected), -1, gap)))
        expected.append(row)
        gap = np.minimum(gap, square[:, row])
    chosen, _ = farthest(square[:, 0], lambda some: square[:, some], 20)
    assert chosen.tolist() == expected


@pytest.mark.parametrize("block", [1, 8])
def test_draws_by_distance_have_the_chances_of_one_at_a_time(block, monkeypatch):
    """Ordered pairs of four rows, 20,000 times, against d² / Σ d² worked out by hand (4 s.e.)."""
    monkeypatch.setattr(far, "BLOCK", block)
    points = np.array([[0.0, 1], [2, 0], [0, -3], [1, 1]])
    gap, square = (points**2).sum(1), squares(points)
    rng, count = np.random.default_rng(0), np.zeros((4, 4))
    for _ in range(20_000):
        count[tuple(plus_plus(gap, lambda some: square[:, some], 2, rng)[0])] += 1
    for i, j in itertools.permutations(range(4), 2):
        left = np.minimum(gap, square[:, i])
        chance = gap[i] / gap.sum() * left[j] / left.sum()
        assert abs(count[i, j] / 20_000 - chance) < 4 * np.sqrt(chance / 20_000)


def test_badge_embeds_by_the_gradient_of_the_loss():
    """Residual times features is what autograd gives for the last layer, guess taken as truth."""
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(5, 4, generator=generator, dtype=torch.float64)
    for h in features:
        weight = torch.randn(3, 4, generator=generator, dtype=torch.float64, requires_grad=True)
        logits = (weight @ h)[None]
        F.cross_entropy(logits, logits.argmax(1)).backward()
        outer = np.outer(residual(logits.detach().softmax(1).numpy())[0], h.numpy())
        np.testing.assert_allclose(outer, weight.grad.numpy(), atol=1e-6)


def test_badge_begins_with_the_longest_gradient_and_avoids_its_twins():
    """Of two groups of twins it takes one each, for a twin adds no distance."""
    p = softmax(np.repeat([[0.0, 0.1], [0.3, 0.0]], 10, axis=0))
    h = np.repeat([[3.0, 0.0], [0.0, 2.0]], 10, axis=0)
    ids = np.arange(20)
    asked = strategy("badge").select(Pool(ids, p, h), Labels(), 2, np.random.default_rng(0))
    assert asked.ids[0] == 0
    assert asked.ids[1] >= 10
    length = np.linalg.norm(np.outer(residual(p[:1])[0], h[0]))
    assert asked.score[0] == pytest.approx(length, rel=1e-5)


def test_cluster_margin_serves_the_small_group_first():
    """Close calls of a group of 6 and one of 60: the small one's closest comes first."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], [60, 6])
    points = np.eye(2)[group] * 10 + rng.normal(0, 0.01, (66, 2))
    p = softmax(np.stack([rng.uniform(0, 0.1, 66), np.zeros(66)], axis=1))
    asked = strategy("cluster_margin").select(Pool(np.arange(66), p, points), Labels(), 2, rng)
    assert group[asked.ids[0]] == 1


def test_entropy_and_margin_disagree_as_they_should():
    """(.5, .5, 0) is the closer call, (.4, .3, .3) is spread wider."""
    p = np.array([[0.5, 0.5, 1e-12], [0.4, 0.3, 0.3]])
    images, rng = Pool(np.array([1, 2]), p), np.random.default_rng(0)
    assert strategy("margin").select(images, Labels(), 1, rng).ids.tolist() == [1]
    assert strategy("entropy").select(images, Labels(), 1, rng).ids.tolist() == [2]


def test_class_balance_prefers_the_doubt_about_a_rare_class():
    """Equal margins: the one that may be of the class without labels is asked first."""
    p = np.array([[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]])
    labeled = Labels(np.array([8, 9]), np.array([1, 0]))
    images, rng = Pool(np.array([1, 2]), p), np.random.default_rng(0)
    assert strategy("margin").select(images, labeled, 1, rng).ids.tolist() == [1]
    assert strategy("class_balanced").select(images, labeled, 1, rng).ids.tolist() == [2]


def test_the_middle_of_a_group_stands_for_it():
    """Two groups of doubtful images: the most central one of each, not the most doubtful."""
    rng = np.random.default_rng(0)
    angle = np.concatenate([rng.uniform(0, 0.3, 9), rng.uniform(2, 2.3, 9)])
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    images = Pool(np.arange(18), np.tile([0.52, 0.48], (18, 1)), points)
    policy = Diverse(Score("margin", margin, "close", "{}"), middle=True)
    asked = policy.select(images, Labels(), 2, np.random.default_rng(0)).ids
    expected = []
    for group in (range(9), range(9, 18)):
        center = points[list(group)].mean(0)
        expected.append(min(group, key=lambda row: np.linalg.norm(points[row] - center)))
    assert sorted(asked.tolist()) == expected
