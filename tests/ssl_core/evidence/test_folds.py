"""Out-of-fold answers: who has seen which label, counted by loops."""

import math

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import strategies as st

from ssl_core.evidence.folds import FOLDS, TINY, asked, at_once, folds, log_loss, out_of_fold
from ssl_core.parts.graph.spreading import Spread
from tests.ssl_core.runs import listen


class Frequencies:
    """Says of every row how frequent each of three classes is among the labels it was given."""

    def __init__(self, y):
        self.y = y.clone()

    def probabilities(self, rows):
        known = self.y[self.y >= 0]
        shares = [float((known == label).float().mean()) for label in range(3)]
        return torch.tensor([shares] * len(rows))


def told(y, rows=None, groups=None):
    """The labels that each learner was given, the answers, and the events."""
    given = []

    def learn(y):
        given.append(y.clone())
        yield f"learner {len(given)}"
        return Frequencies(y)

    rows = torch.arange(100, 100 + len(y)) if rows is None else rows
    events, said = listen(out_of_fold(rows, y, 3, learn, groups))
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


GROUPED = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 12), min_size=n, max_size=n),
    )
)


@hypothesis.settings(deadline=None)
@hypothesis.given(GROUPED)
def test_no_group_is_in_two_folds(drawn):
    """Whatever the classes, and whoever shares a group; and there are as many folds as can be."""
    y, groups = map(torch.tensor, drawn)
    found = folds(y, groups=groups)
    assert {len(found[groups == each].unique()) for each in groups.unique()} == {1}
    assert set(found.tolist()) == set(range(min(FOLDS, len(groups.unique()))))
    assert torch.equal(found, folds(y, groups=groups * 7 + 3)), "numbers are names"


def test_groups_of_one_row_change_nothing():
    """What rounds without groups have learned, they learn as before."""
    y = torch.tensor([0] * 13 + [1] * 7 + [2] * 3)
    alone = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    assert torch.equal(folds(y), folds(y, groups=alone))
    assert torch.equal(asked(y), asked(y, alone))


def test_groups_of_a_class_are_dealt_out_evenly():
    """Ten patients with four images each, of two classes: a patient of each class in each fold."""
    groups = torch.arange(40) // 4
    y = groups % 2
    found = folds(y, groups=groups)
    for number in range(FOLDS):
        assert sorted(y[found == number].tolist()) == [0] * 4 + [1] * 4


def test_a_class_of_two_groups_is_never_left_out_as_a_whole():
    """One group is asked about by who has learned from the other."""
    rng = torch.Generator().manual_seed(1)
    for _ in range(50):
        groups = torch.randint(0, 20, (60,), generator=rng)
        y = groups % 4  # a group has one class
        found = folds(y, groups=groups)
        for label in y.unique():
            if len(groups[y == label].unique()) > 1:
                assert len(found[y == label].unique()) > 1


def test_a_class_of_one_group_is_not_kept_from_anyone():
    """Two images of one patient are no two witnesses; where no class has two, all are asked."""
    y = torch.tensor([0, 0, 1, 1, -1, 0])
    assert asked(y, torch.tensor([7, 8, 9, 9, 9, 7])).tolist() == [0, 1, 5]
    assert asked(y, torch.tensor([7, 8, 9, 4, 9, 7])).tolist() == [0, 1, 2, 3, 5]
    assert asked(y, torch.tensor([7, 7, 9, 9, 9, 7])).tolist() == [0, 1, 2, 3, 5]
    given, _, _ = told(y, groups=torch.tensor([7, 8, 9, 9, 9, 7]))
    assert len(given) == 2
    assert all(labels[2] == labels[3] == 1 for labels in given)


@hypothesis.settings(deadline=None)
@hypothesis.given(GROUPED)
def test_nobody_is_asked_about_a_group_of_which_it_has_learned(drawn):
    """Row by row: whose label was hidden when it was asked had its whole group hidden."""
    y, groups = torch.tensor(drawn[0]).clamp_max(2), torch.tensor(drawn[1])
    given, said, _ = told(y, groups=groups)
    known = asked(y, groups)
    assert len(said) == len(known)
    for labels in given:
        hidden = set(groups[labels < 0].tolist())
        assert not hidden & set(groups[labels >= 0].tolist())
    for row in known.tolist():
        assert sum(int(labels[row] < 0) for labels in given) <= 1


def test_labels_of_one_group_leave_nothing_to_learn_from():
    """All classes are alike, as they are with a single label."""
    given, said, _ = told(torch.tensor([0, 1, -1, 0]), groups=torch.tensor([5, 5, 6, 5]))
    assert given == []
    assert said.tolist() == [pytest.approx([1 / 3] * 3)] * 3


def test_who_knows_the_patient_looks_as_if_it_knew_the_class():
    """Images that tell who the patient is, and nothing of the class: apart, nobody guesses it."""
    rng = np.random.default_rng(0)
    groups = torch.arange(200) // 5
    y = torch.from_numpy(rng.integers(0, 2, 40))[groups]
    patients = rng.normal(0, 1, (40, 30))[groups]
    x = torch.from_numpy(patients + rng.normal(0, 0.1, (200, 30))).float()

    def right(groups):
        graph = Spread(lambda rows: x[rows], torch.arange(200), y, 2, k=4, alpha=0.9)
        run = out_of_fold(torch.arange(200), y, 2, at_once(graph.again), groups)
        _, said = listen(run)
        return float((said.argmax(1) == y[asked(y, groups)]).float().mean())

    assert right(None) > 0.95
    assert 0.3 < right(groups) < 0.7
