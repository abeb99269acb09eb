"""Thresholds that move: FlexMatch, FreeMatch and SoftMatch followed by hand over several steps."""

import math

import pytest
import torch

from ssl_core.methods.flexmatch import FlexMatch
from ssl_core.methods.freematch import FreeMatch
from ssl_core.methods.softmatch import SoftMatch
from ssl_core.types import Batch, Classifier, Task

TASK = Task(
    num_classes=3, num_unlabeled=8, num_features=3, class_prior=torch.tensor([0.5, 0.3, 0.2])
)


class Identity(Classifier):
    """A network whose logits are its inputs, so that a test chooses the predictions."""

    def __init__(self):
        identity = torch.nn.Identity()
        super().__init__(identity, identity, num_features=3, num_classes=3)


def batch(weak, strong, index):
    """Probabilities as rows, turned into logits."""
    return Batch(
        x=torch.zeros(1, 3),
        y=torch.zeros(1, dtype=torch.int64),
        u={"weak": torch.tensor(weak).log(), "strong": torch.tensor(strong).log()},
        index=torch.tensor(index),
    )


def step(method, *rows):
    """One step's losses."""
    network = Identity()
    return method.losses(batch(*rows), network, network, 0.5)


def random_steps(number, rows=4):
    """Random predictions of `rows` rows of a pool of 8, for several steps."""
    g = torch.Generator().manual_seed(3)
    for _ in range(number):
        weak, strong = (torch.randn(2, rows, 3, generator=g) * 2).softmax(2).tolist()
        yield weak, strong, torch.randperm(8, generator=g)[:rows].tolist()


def test_flexmatch_counts_each_row_of_the_pool_once():
    """A row that is seen again replaces its own entry; unlearned rows hold thresholds down."""
    method = FlexMatch(TASK, threshold=0.8)
    sure = [[0.9, 0.05, 0.05]] * 2
    step(method, sure, sure, [0, 1])
    step(method, sure, sure, [0, 1])
    assert method.learned.tolist() == [0, 0, -1, -1, -1, -1, -1, -1]
    beta = 2 / 6  # two of class 0 against six unlearned
    assert method.thresholds().tolist() == pytest.approx([0.8 * beta / (2 - beta), 0, 0])
    step(method, [[0.1, 0.85, 0.05], [0.4, 0.3, 0.3]], sure, [0, 1])
    assert method.learned.tolist()[:2] == [1, 0]  # a doubtful look changes nothing


def test_flexmatch_follows_a_hand_run():
    """A dictionary of rows, plain counts, and the mean over all rows, for six steps."""
    method, learned = FlexMatch(TASK, threshold=0.7), {}
    for weak, strong, index in random_steps(6):
        count = [sum(label == c for label in learned.values()) for c in range(3)]
        largest = max([*count, 8 - len(learned)])
        expected = used = 0
        for p, q, row in zip(weak, strong, index, strict=True):
            label = p.index(max(p))
            beta = count[label] / largest
            if max(p) >= beta / (2 - beta) * 0.7:
                expected -= math.log(q[label])
                used += 1
            if max(p) >= 0.7:
                learned[row] = label
        made = step(method, weak, strong, index)
        assert made.unsupervised.item() == pytest.approx(expected / 4, rel=1e-4)
        assert float(made.used) == pytest.approx(used / 4)
    assert {i: c for i, c in enumerate(method.learned.tolist()) if c >= 0} == learned


def test_freematch_follows_a_hand_run():
    """Moving averages from 1/C, updated before the mask; then cross-entropy and fairness."""
    method = FreeMatch(TASK, ema_decay=0.6, fairness=0.5)
    tau, mean, share = 1 / 3, [1 / 3] * 3, [1 / 3] * 3
    classes = range(3)
    for weak, strong, index in random_steps(5, rows=6):
        guesses = [p.index(max(p)) for p in weak]
        tau = 0.6 * tau + 0.4 * sum(max(p) for p in weak) / 6
        mean = [0.6 * mean[c] + 0.4 * sum(p[c] for p in weak) / 6 for c in classes]
        share = [0.6 * share[c] + 0.4 * guesses.count(c) / 6 for c in classes]
        passed = [
            (label, q)
            for p, q, label in zip(weak, strong, guesses, strict=True)
            if max(p) >= tau * mean[label] / max(mean)
        ]
        expected = -sum(math.log(q[label]) for label, q in passed) / 6
        found = [sum(q.index(max(q)) == c for _, q in passed) for c in classes]
        past = [mean[c] / share[c] for c in classes]
        now = [sum(q[c] for _, q in passed) / found[c] if found[c] else 0 for c in classes]
        fair = sum(past[c] / sum(past) * math.log(now[c] / sum(now)) for c in classes if found[c])
        made = step(method, weak, strong, index)
        assert made.unsupervised.item() == pytest.approx(expected + 0.5 * fair, rel=1e-4)
        assert method.thresholds().tolist() == pytest.approx(
            [tau * mean[c] / max(mean) for c in classes]
        )
        assert float(made.used) == pytest.approx(len(passed) / 6)


def test_freematch_starts_from_even_thresholds():
    """1/C for every class."""
    assert FreeMatch(TASK).thresholds().tolist() == pytest.approx([1 / 3] * 3)


def test_softmatch_follows_a_hand_run():
    """Mean and unbiased variance from 1/C and 1, updated before the weights."""
    method = SoftMatch(TASK, ema_decay=0.6)
    mean, variance = 1 / 3, 1.0
    for weak, strong, index in random_steps(5):
        top = [max(p) for p in weak]
        center = sum(top) / 4
        mean = 0.6 * mean + 0.4 * center
        variance = 0.6 * variance + 0.4 * sum((v - center) ** 2 for v in top) / 3
        weights = [math.exp(-(min(v - mean, 0) ** 2) / (2 * variance / 4)) for v in top]
        expected = -sum(
            w * math.log(q[p.index(max(p))]) for w, p, q in zip(weights, weak, strong, strict=True)
        )
        made = step(method, weak, strong, index)
        assert made.unsupervised.item() == pytest.approx(expected / 4, rel=1e-4)
        assert float(made.used) == pytest.approx(sum(weights) / 4)
