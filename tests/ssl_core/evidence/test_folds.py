"""Out-of-fold answers: who has seen which label, counted by loops."""

import math

import pytest
import torch

from ssl_core.evidence.folds import FOLDS, TINY, asked, at_once, folds, log_loss, out_of_fold
from tests.ssl_core.runs import listen


class Frequencies:
    """Says of every row how frequent each of three classes is among the labels it was given."""

    def __init__(self, y):
        self.y = y.clone()

    def probabilities(self, rows):
        known = self.y[self.y >= 0]
        shares = [float((known == label).float().mean()) for label in range(3)]
        return torch.tensor([shares] * len(rows))


def told(y, rows=None):
    """The labels that each learner was given, the answers, and the events."""
    given = []

    def learn(y):
        given.append(y.clone())
        yield f"learner {len(given)}"
        return Frequencies(y)

    rows = torch.arange(100, 100 + len(y)) if rows is None else rows
    events, said = listen(out_of_fold(rows, y, 3, learn))
    return given, said, events


def test_every_class_is_dealt_out_evenly():
    """Of any class no fold has two more than another; nor of all rows together."""
    y = torch.tensor([0] * 13 + [1] * 7 + [2] * 3 + [0] * 4)
    found = folds(y)
    assert set(found.tolist()) == set(range(FOLDS))
    for wanted in (y == 0, y == 1, y == 2, y >= 0):
        counts = [int((found[wanted] == number).sum()) for number in range(FOLDS)]
        assert max(counts) - min(counts) <= 1
    assert torch.equal(found, folds(y)), "the same labels, the same folds"


def test_no_row_is_judged_by_a_learner_that_has_seen_its_label():
    """Each is hidden from exactly one learner, whose answer is the one that counts."""
    y = torch.tensor([0, -1, 1, 2, 0, 1, -1, 0, 2, 1, 0, 0, 1])
    given, said, events = told(y)
    assert len(given) == FOLDS
    assert events == [f"learner {number}" for number in range(1, FOLDS + 1)]
    known = [row for row in range(len(y)) if y[row] >= 0]
    for place, row in enumerate(known):
        [blind] = [labels for labels in given if labels[row] < 0]
        others = [int(y[each]) for each in known if blind[each] >= 0]
        assert row not in [each for each in known if blind[each] >= 0]
        shares = [others.count(label) / len(others) for label in range(3)]
        assert said[place].tolist() == pytest.approx(shares)
    for labels in given:
        assert all(labels[row] in (-1, y[row]) for row in range(len(y))), "no label is changed"


def test_fewer_labels_than_folds_are_left_out_one_by_one():
    """Three labels make three learners."""
    given, said, _ = told(torch.tensor([1, 1, -1, 1]))
    assert len(given) == 3
    assert all(int((labels >= 0).sum()) == 2 for labels in given)
    assert said.shape == (3, 3)


def test_a_single_label_leaves_nothing_to_learn_from():
    """Nobody learns, and all classes are alike."""
    given, said, events = told(torch.tensor([-1, 2, -1]))
    assert (given, events) == ([], [])
    assert said.tolist() == [pytest.approx([1 / 3] * 3)]


def test_a_learner_of_one_step_reports_nothing():
    """It is made from the labels, and there is no event."""
    events, model = listen(at_once(Frequencies)(torch.tensor([0, 0, 1, -1])))
    assert events == []
    assert model.probabilities(torch.arange(1))[0].tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_the_log_loss_is_the_mean_surprise_and_a_certain_error_does_not_end_it():
    """By a loop; a probability of 0 counts as TINY."""
    p = torch.tensor([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    y = torch.tensor([1, 1, 2])
    surprise = [-math.log(max(float(p[row][y[row]]), TINY)) for row in range(3)]
    assert log_loss(p, y) == pytest.approx(sum(surprise) / 3)


def test_the_only_label_of_a_class_is_not_kept_from_anyone():
    """It would be unknowable; where every class has one label, all are asked about."""
    y = torch.tensor([0, -1, 1, 0, 2, 1, -1, 0])
    assert asked(y).tolist() == [0, 2, 3, 5, 7]
    learned = []

    def learn(labels):
        learned.append(labels)
        return at_once(Frequencies)(labels)

    _, said = listen(out_of_fold(torch.arange(8), y, 3, learn))
    assert said.shape == (5, 3)
    assert all(labels[4] == 2 for labels in learned)
    assert asked(torch.tensor([2, -1, 0, 1])).tolist() == [0, 2, 3]
