"""Rows are joined once, and a graph is gone on with where a few of them come or go."""

import numpy as np
import pytest
import torch

from ssl_core.parts.graph import joining
from ssl_core.parts.graph.joining import Joined, ahead, found_again, marked
from ssl_core.parts.graph.neighbors import Neighbors
from ssl_core.types import finish
from tests.ssl_core.parts.graph.groups import Memory, grouped

K = 8


@pytest.fixture(autouse=True)
def _many(monkeypatch):
    """A hundred rows count as many."""
    monkeypatch.setattr(joining, "EXACT", 100)


def features(n=6000):
    x, _ = grouped(n)
    return torch.from_numpy(x)


def joined(x, rows, kept=None):
    """The places of each row's neighbors, as rows."""
    return rows[finish(Joined(x.__getitem__, rows, K, kept).find())]


def exact(x, rows):
    """The true ones."""
    unit = torch.nn.functional.normalize(x[rows], dim=1)
    return rows[Neighbors(unit).nearest(unit, K - 1, but=torch.arange(len(rows)))[0]]


def share_found(found, true):
    return np.mean([np.isin(one, other).mean() for one, other in zip(true, found, strict=True)])


@pytest.mark.parametrize("gone", [[0, 17, 3000], []])
@pytest.mark.parametrize("come", [0, 1, 300])
def test_a_few_rows_that_come_or_go_leave_the_graph_as_good_as_it_was(monkeypatch, gone, come):
    """It is gone on with: as many true neighbors are there as if joined anew, none that left."""
    x, kept = features(), Memory()
    before = torch.arange(5000)
    joined(x, before, kept)
    rows = torch.arange(5000 + come)
    rows = rows[~torch.isin(rows, torch.tensor(gone).long())]
    anew = share_found(joined(x, rows), exact(x, rows))
    monkeypatch.setattr(Joined, "_anew", None)
    found = joined(x, rows, kept)
    assert share_found(found, exact(x, rows)) >= anew - 0.005
    assert not torch.isin(found, torch.tensor(gone).long()).any()
    assert (found != rows[:, None]).all()
    assert torch.equal(joined(x, rows, kept), found), "and it is kept in its turn"


def test_a_row_that_goes_changes_nothing_for_those_it_was_no_neighbor_of():
    """Whoever had it gets another in its place."""
    x, kept, rows = features(), Memory(), torch.arange(5000)
    before = joined(x, rows, kept)
    after = joined(x, rows[rows != 40], kept)
    before = before[rows != 40]
    had = (before == 40).any(1)
    assert had.any()
    assert torch.equal(after[~had], before[~had])
    assert all(len(set(each.tolist())) == K - 1 for each in after)


def test_one_graph_after_the_other_stays_as_good():
    """Twenty times some rows come and others go; at last it asks for other cells, and is anew."""
    x, kept = features(), Memory()
    joined(x, torch.arange(4000), kept)
    for turn in range(1, 21):
        rows = torch.arange(20 * turn, 4000 + 100 * turn)
        found = joined(x, rows, kept)
        if turn % 5 == 0:
            anew = share_found(joined(x, rows), exact(x, rows))
            assert share_found(found, exact(x, rows)) >= anew - 0.01


@pytest.mark.parametrize(
    "rows", [torch.arange(1000, 5000), torch.arange(5600), torch.arange(400, 5400)]
)
def test_many_rows_that_come_or_go_are_joined_anew(rows):
    """As they are where nothing was kept."""
    x, kept = features(), Memory()
    joined(x, torch.arange(5000), kept)
    assert torch.equal(joined(x, rows, kept), joined(x, rows))


def test_other_features_are_joined_anew():
    """Though they are as many."""
    x, kept, rows = features(), Memory(), torch.arange(5000)
    joined(x, rows, kept)
    other = x.flip(1)
    assert torch.equal(joined(other, rows, kept), joined(other, rows))


def test_what_is_found_ahead_is_not_sought_again(monkeypatch):
    """Of few rows nothing is left: they are all compared in no time."""
    x, kept, rows = features(), Memory(), torch.arange(5000)
    assert ahead(x.__getitem__, rows[:100], K, kept) is None
    finish(ahead(x.__getitem__, rows, K, kept))
    monkeypatch.setattr(Joined, "_sought", None)
    joined(x, rows, kept)


def test_a_row_is_found_again_by_its_bits():
    """Equal rows have equal numbers, others others."""
    rows = torch.randn(2000, 64, generator=torch.Generator().manual_seed(0)).half()
    numbers = marked(rows)
    assert len(numbers.unique()) == 2000
    assert torch.equal(marked(rows[5:9]), numbers[5:9])
    changed = rows.clone()
    changed[:, 7] = torch.nextafter(rows[:, 7].float(), torch.tensor(9.0)).half() + 2**-9
    assert not (marked(changed) == numbers).any()


@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_found_again_each_once(seed):
    """Of equal ones the first is the first; those that are not there are nowhere."""
    rng = np.random.default_rng(seed)
    old, new = (rng.integers(12, size=rng.integers(0, 40)) for _ in range(2))
    places = found_again(torch.from_numpy(old), torch.from_numpy(new)).tolist()
    met = [place for place in places if place >= 0]
    assert len(set(met)) == len(met)
    for number in range(12):
        there = np.flatnonzero(old == number).tolist()
        asked = np.flatnonzero(new == number)
        expected = there[: len(asked)] + [-1] * (len(asked) - len(there))
        assert [places[each] for each in asked] == expected
