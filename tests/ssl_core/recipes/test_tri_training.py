"""Tri-training's error condition, worked by hand, and what follows from it."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.naive_bayes import GaussianNB

from ssl_core.fits.sklearn import SklearnFit
from ssl_core.parts.lessons import allowed, bootstrap, shared_error
from ssl_core.recipes.tri_training import TriTraining
from ssl_core.types import Round, Stopped
from tests.ssl_core.runs import listen


@pytest.mark.parametrize(
    ("error", "size", "error_before", "size_before", "expected"),
    [
        (0.5, 100, 0.5, 0, (0, 0)),  # no better than before
        (0.0, 100, 0.5, 0, (100, 1)),  # l' = floor(0 + 1) = 1; 0 * 100 < 0.5 * 1
        (0.0, 1, 0.5, 0, (0, 1)),  # l' = 1 is not less than 1 row
        (0.2, 100, 0.5, 0, (2, 1)),  # l' = floor(.2 / .3 + 1) = 1; 20 > .5; ceil(.5 / .2 - 1)
        (0.1, 100, 0.5, 40, (100, 40)),  # 10 < 20
        (0.3, 100, 0.5, 40, (66, 40)),  # 30 > 20; 40 > 1.5; ceil(20 / .3 - 1) = ceil(65.67)
        (0.4, 100, 0.5, 4, (0, 4)),  # 40 > 2; 4 is not more than .4 / .1 = 4
        (0.0, 0, 0.5, 0, (0, 1)),  # nothing that they agree on
        (0.0, 50, 0.0, 30, (0, 30)),  # nothing is less than no error
    ],
)
def test_the_error_condition_by_hand(error, size, error_before, size_before, expected):
    """Table 1 of the paper, each branch."""
    assert allowed(error, size, error_before, size_before) == expected


def test_a_cut_lesson_satisfies_the_condition():
    """Whatever the numbers, error * size shrinks."""
    rng = np.random.default_rng(0)
    for _ in range(500):
        error, before = rng.uniform(0, 0.6, 2)
        size, size_before = (int(n) for n in rng.integers(0, 60, 2))
        chosen, first = allowed(error, size, before, size_before)
        assert 0 <= chosen <= size
        if chosen:
            assert error * chosen < before * first
            assert chosen > 0


def test_the_shared_error_counts_only_where_two_agree():
    """Agreed on three, one of them wrong; without any agreement it is one half."""
    one, other, truth = (torch.tensor(x) for x in ([0, 1, 1, 2], [0, 1, 0, 2], [0, 0, 1, 2]))
    assert shared_error(one, other, truth) == pytest.approx(1 / 3)
    assert shared_error(one, (one + 1) % 3, truth) == 0.5


class Wrong:
    """A fit whose predictors all agree and are always wrong."""

    num_classes, methods, embed = 2, ("supervised",), None

    def __call__(self, _rows, _labels):
        return SimpleNamespace(probabilities=lambda asked: torch.eye(2)[1 - asked % 2])
        yield


def test_no_label_is_added_where_the_condition_fails():
    """Classifiers that agree on nothing but mistakes teach nothing."""
    y = torch.where(torch.arange(40) < 10, torch.arange(40) % 2, -1)
    events, _ = listen(TriTraining().run(torch.arange(40), y, Wrong()))
    assert events == [Stopped("no two classifiers agree well enough to teach the third")]


def test_a_bootstrap_keeps_every_class():
    """As many of each as there are, whichever are drawn."""
    labels = torch.tensor([2, 0, 0, 0, 2, 2, 2, 1])
    drawn = bootstrap(labels, torch.Generator().manual_seed(1))
    assert torch.bincount(labels[drawn]).tolist() == [3, 1, 4]
    assert len(drawn.unique()) < len(labels)


def test_every_lesson_is_gathered_anew_and_holds_what_the_pair_says():
    """A fit sees all labels and, of the rest, each row once with one label: never an old lesson."""
    rng = np.random.default_rng(0)
    truth = np.arange(120) % 2
    x = rng.normal(0, 1, (120, 4)) + truth[:, None] * 1.2
    y = torch.where(torch.arange(120) < 24, torch.from_numpy(truth), -1)
    seen = []
    inner = SklearnFit(GaussianNB(), x, 2)

    class Spy:
        num_classes, methods, embed = 2, ("supervised",), None

        def __call__(self, rows, labels):
            seen.append((rows, labels))
            return (yield from inner(rows, labels))

    events, _ = listen(TriTraining().run(torch.arange(120), y, Spy()))
    assert any(isinstance(event, Round) for event in events)
    assert len(seen) > 3
    for rows, labels in seen[3:]:
        assert rows[:24].tolist() == list(range(24))
        assert labels[:24].tolist() == y[:24].tolist()
        taught = rows[24:].tolist()
        assert len(set(taught)) == len(taught) > 0
        assert min(taught) >= 24
