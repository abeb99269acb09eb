"""What is kept of a round, re-derived by counting."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import torch

from annotator.model import ClassName, RoundDetails, RowIndex
from annotator.rounds import judge
from annotator.rounds.snapshot import Snapshot
from ssl_core.evidence.deferring import ENOUGH
from ssl_core.types import Withheld


def snapshot(y, pool):
    return Snapshot(
        index=RowIndex(range(1, len(y) + 1)),
        files=[Path(str(i)) for i in range(len(y))],
        classes=[ClassName(7, "cat"), ClassName(4, "dog")],
        y=torch.tensor(y),
        pool=torch.tensor(pool),
        measures=~torch.tensor(pool),
        open=torch.tensor(pool) & (torch.tensor(y) < 0),
        spare=torch.zeros(len(y), dtype=torch.bool),
    )


def test_only_unlabeled_pool_images_count_as_pseudo_labeled():
    """A labeled image and a test image are predicted, but never pseudo-labels."""
    data = snapshot([0, -1, -1, -1, -1], [True, True, True, True, False])
    probabilities = torch.tensor([[1, 0], [0.99, 0.01], [0.2, 0.8], [0.05, 0.95], [1, 0]])
    found = judge.outcome(
        data, probabilities, probabilities, threshold=0.9, model_hash="h", stopped="s",
        details=RoundDetails((7, 4), "mlp", 64, 10, "cpu", "mix", "photo"),
        distances=torch.tensor([0, 0.25, torch.inf, 0.5, 1]),
    )  # fmt: skip
    assert found.pseudo_labels == 2
    assert found.pseudo_ratio == 2 / 3
    assert found.by_class == {7: (1, 1), 4: (2, 1)}
    assert sum(found.details.histogram) == 3
    assert len(found.predictions["ssl"]) == 5
    assert [each.shares is None for each in found.predictions["baseline"]] == [True] * 5
    assert not any(each.shares is None for each in found.predictions["ssl"])
    assert [each.image_id for each in found.predictions["baseline"]] == [1, 2, 3, 4, 5]
    assert [each.distance for each in found.predictions["ssl"]] == [0, 0.25, None, 0.5, 1]


def test_a_label_that_its_learners_contradict_is_doubted_with_both_classes():
    """By the store's ids; a row that was not kept from them is no part of it."""
    data = snapshot([0, 0, 0, 0, 1, 1, 1, 1, -1], [True] * 9)
    said = torch.tensor([[0.9, 0.1]] * 3 + [[0.1, 0.9]] * 5)
    [found] = judge.doubts(Withheld(torch.arange(8), said), data)
    assert (found.image_id, found.label_id, found.class_id) == (4, 7, 4)
    assert math.isclose(found.confidence, 0.9, rel_tol=1e-6)
    assert math.isclose(found.own, 0.1, rel_tol=1e-6)
    assert judge.doubts(Withheld(torch.arange(3), said[:3]), data) == []
    assert judge.doubts(None, data) == []


def test_a_model_defers_where_labels_kept_from_both_do_not_show_that_it_knows_more():
    """It speaks for itself where nothing can tell, where it is the plain one, or differs widely."""
    n, open_ = 2 * ENOUGH, 25
    data = snapshot([0] * ENOUGH + [1] * ENOUGH + [-1] * open_, [True] * (n + open_))
    right = torch.tensor([[0.9, 0.1]] * ENOUGH + [[0.1, 0.9]] * ENOUGH)
    lost = torch.tensor([[0.6, 0.4], [0.4, 0.6]] * ENOUGH)
    known, other = Withheld(torch.arange(n), right), Withheld(torch.arange(n), lost)

    def defers(ssl, plain, apart=2):
        """With so many open images of which both say different classes."""
        own = torch.tensor([[0.8, 0.2]] * (n + open_))
        theirs = torch.cat([own[:-apart], own[:apart].flip(1)])
        return judge.defers(ssl, plain, {"ssl": own, "baseline": theirs}, data)

    assert defers(other, known)
    assert not defers(other, known, apart=3)  # 12 % of those that are open
    assert not defers(known, other)
    assert not defers(other, Withheld(torch.arange(n), lost.clone()))
    assert not defers(None, known)
    assert not defers(other, None)
    data = dataclasses.replace(data, groups=torch.arange(n + open_).clamp(min=1))
    assert not defers(other, known), "two images of one patient are one witness: one too few"


def test_a_prediction_names_the_stores_class_and_the_entropy_in_nats():
    """Row 1 is image 2; class number 1 is the class with id 4."""
    data = snapshot([-1, -1], [True, True])
    probabilities = torch.tensor([[1.0, 0.0], [0.3, 0.7]])
    _, second = judge.predictions(probabilities, torch.arange(2), data)
    assert (second.image_id, second.class_id) == (2, 4)
    assert math.isclose(second.confidence, 0.7, rel_tol=1e-6)
    entropy = -(0.3 * math.log(0.3) + 0.7 * math.log(0.7))
    assert math.isclose(second.entropy, entropy, rel_tol=1e-5)


def test_rounds_agree_on_the_images_that_both_know():
    """Image 9 came and went; of the three others two are said alike, image by image."""
    data = snapshot([-1] * 4, [True] * 4)
    probabilities = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])  # 7 4 7 4
    before = np.array([1, 2, 3, 9]), np.array([7, 4, 4, 7])
    chance = (2 / 3) * (1 / 3) + (1 / 3) * (2 / 3)
    expected = (2 / 3 - chance) / (1 - chance)
    assert math.isclose(judge.agreement(before, probabilities, data), expected)
    nothing = np.empty(0, np.int64)
    assert judge.agreement((nothing, nothing), probabilities, data) is None


def test_every_confidence_falls_into_one_bin_also_exactly_one():
    """0 is in the first of twenty bins, 1 in the last."""
    counts = judge.histogram(torch.tensor([0.0, 0.049, 0.05, 0.999, 1.0]))
    assert (counts[0], counts[1], counts[19], sum(counts)) == (2, 1, 2, 5)


def sure(n, share):
    """A snapshot of n rows that validate, of which so many are the first class, said surely."""
    data = snapshot([-1] * n, [False] * n)
    truths = (torch.arange(n) >= round(share * n)).long()
    said = torch.tensor([[0.95, 0.05]]).expand(n, 2)
    return dataclasses.replace(data, validated=torch.arange(n), truths=truths), said


def test_sixty_labels_that_nobody_learned_from_say_how_sure_a_model_may_be():
    """The temperature with the least log loss beside its prior, found by trying them all."""
    data, said = sure(60, 0.7)
    found, temperature = judge.calibrated(said, data)

    def loss(hot):
        p = 1 / (1 + (0.05 / 0.95) ** (1 / hot))
        return -42 * math.log(p) - 18 * math.log(1 - p) + 0.5 * (math.log(hot) / 0.5) ** 2

    best = min((each / 1000 for each in range(300, 6000)), key=loss)
    assert abs(temperature - best) < 0.01
    assert 0.7 < found[0, 0] < 0.8, "it is right in seven of ten cases, and was as good as certain"
    raw = found.double() ** temperature
    assert torch.allclose(raw / raw.sum(1, keepdim=True), said.double(), atol=1e-5)


def test_with_fewer_it_stays_as_sure_as_it_was():
    """Also with none, and where no image validates."""
    for n in (59, 1):
        data, said = sure(n, 0.7)
        assert judge.calibrated(said, data) == (said, None)
    assert judge.calibrated(said, snapshot([-1], [True])) == (said, None)
