"""Neighbors by cells are, but for a few, those that comparing all finds; what is asked holds."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from torch.nn import functional as F

from ssl_core.parts.graph import neighbors
from ssl_core.parts.graph.neighbors import Neighbors, linked, normalized


def clustered(n, seed=0, groups=40, wide=64, local=8):
    """Unit rows (n, wide) around some centers, each spread in a few directions of its own."""
    source = torch.Generator().manual_seed(seed)
    centers = torch.randn(groups, wide, generator=source)
    spans = torch.randn(groups, local, wide, generator=source)
    group = torch.randint(groups, (n,), generator=source)
    moved = torch.einsum("nl,nlw->nw", torch.randn(n, local, generator=source), spans[group])
    return F.normalize(centers[group] + 0.4 * moved)


def compared(unit, queries, k, but=None):
    """The k nearest of each query, by comparing each with every row in double precision."""
    cosines = queries.double() @ unit.double().T
    if but is not None:
        cosines[torch.arange(len(queries)), but] = -2
    return cosines.argsort(dim=1, descending=True, stable=True)[:, :k]


def shared(found, true):
    """The share of the true neighbors that were found."""
    return (found[:, :, None] == true[:, None]).any(1).float().mean().item()


def test_few_rows_are_all_compared():
    """Nearest first, with their cosines; new rows may be asked for too."""
    unit, new = clustered(300), clustered(20, seed=1)
    ids, cosines = Neighbors(unit).nearest(new, 5)
    assert torch.equal(ids, compared(unit, new, 5))
    torch.testing.assert_close(cosines, (new[:, None] * unit[ids]).sum(2))


def test_all_cells_together_hold_what_comparing_all_finds():
    """Nothing is lost between cells; rows are kept in half precision there."""
    unit = clustered(2000)
    me = torch.arange(len(unit))
    ids, _ = Neighbors(unit, exact=0, probes=10_000).nearest(unit, 6, but=me)
    assert torch.equal(ids.sort().values, compared(unit.half(), unit, 6, me).sort().values)


@pytest.mark.parametrize("local", [4, 48], ids=["a line's width", "a cloud"])
def test_some_cells_hold_nearly_all(local):
    """98 of 100 of the eight nearest, however the rows lie, without a look into every cell."""
    unit = clustered(6000, local=local)
    me = torch.arange(len(unit))
    among = Neighbors(unit, exact=1000)
    ids, _ = among.nearest(unit, 8, but=me)
    assert shared(ids, compared(unit, unit, 8, me)) > 0.98
    assert 1 < among.probes < len(among.sizes)


def test_centers_that_are_learned_in_groups_hold_as_much(monkeypatch):
    """Of many cells: each row lies in one, and 98 of 100 of the eight nearest are found."""
    monkeypatch.setattr(neighbors, "GROUPED", 64)
    unit = clustered(6000)
    me = torch.arange(len(unit))
    among = Neighbors(unit, exact=1000)
    assert among.ids.sort().values.tolist() == me.tolist()
    assert len(among.sizes) == len(among.centers) == pytest.approx(2 * 6000**0.5, rel=0.2)
    ids, _ = among.nearest(unit, 8, but=me)
    assert shared(ids, compared(unit, unit, 8, me)) > 0.98
    assert 1 < among.probes < len(among.sizes) / 2


@pytest.mark.parametrize("exact", [0, 15_000])
def test_a_row_is_not_its_own_neighbor_among_many_copies(exact):
    """Thirty copies of each: the k nearest are copies, never the row itself."""
    unit = clustered(40).repeat(30, 1)
    me = torch.arange(len(unit))
    ids, cosines = Neighbors(unit, exact=exact).nearest(unit, 12, but=me)
    assert not (ids == me[:, None]).any()
    assert (ids % 40 == (me % 40)[:, None]).all()
    assert all(len(set(row)) == 12 for row in ids.tolist())
    torch.testing.assert_close(cosines, torch.ones_like(cosines), atol=1e-3, rtol=0)


def test_where_cells_hold_too_few_all_rows_are_looked_at():
    """One cell of a handful of rows cannot name twenty; asked for more than there are, all come."""
    unit = clustered(60)
    me = torch.arange(60)
    ids, cosines = Neighbors(unit, exact=0, probes=1).nearest(unit, 59, but=me)
    assert (ids.sort().values == torch.stack([me[me != row] for row in range(60)])).all()
    assert (cosines.diff(dim=1) <= 0).all()
    assert Neighbors(unit).nearest(unit[:3], 100)[0].shape == (3, 60)
    assert Neighbors(unit[:1]).nearest(unit[:1], 4, but=me[:1])[0].shape == (1, 0)


def test_neither_blocks_nor_threads_change_what_is_found(monkeypatch):
    """The same neighbors, whatever the size of the parts."""
    unit = clustered(3000)
    whole = Neighbors(unit, exact=0).nearest(unit, 5)
    monkeypatch.setattr(neighbors, "QUERIES", 700)
    threads = torch.get_num_threads()
    torch.set_num_threads(3 - min(threads, 2))
    try:
        parts = Neighbors(unit, exact=0).nearest(unit, 5)
        monkeypatch.setattr(neighbors, "BLOCK", 1000)  # fewer than a cell has of both
        small = Neighbors(unit, exact=0).nearest(unit, 5)
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(whole[0], parts[0])
    assert torch.equal(whole[0], small[0])


def test_rows_of_zeros_are_like_nothing():
    """An empty page has no direction: its cosine is 0, and it disturbs nobody."""
    unit = torch.cat([clustered(100), torch.zeros(3, 64)])
    ids, cosines = Neighbors(unit, exact=0).nearest(unit, 4, but=torch.arange(103))
    assert not (ids[:100] >= 100).any()
    assert (cosines[100:] == 0).all()


def test_linked_rows_lie_near_each_other_and_nothing_of_the_graph_is_lost():
    """A path whose rows are shuffled: in the order all edges are between neighbors."""
    n = 500
    rank = torch.randperm(n, generator=torch.Generator().manual_seed(0))
    row = rank.argsort()  # of each place of the path
    joined = torch.stack([row[(rank - 1).clamp_min(0)], row[(rank + 1).clamp_max(n - 1)]], 1)
    order, step = linked(joined)
    assert order.sort().values.tolist() == list(range(n))
    graph = np.zeros((n, n))
    np.add.at(graph, (np.arange(n)[:, None], joined.numpy()), 1)
    whole = normalized(csr_matrix(graph)).toarray()
    np.testing.assert_allclose(step.toarray(), whole[order][:, order])
    first, second = step.nonzero()
    assert abs(first - second).max() == 1
