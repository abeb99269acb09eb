"""Nearest rows by direction: of few rows all are compared, of many those in the nearest cells.

Comparing each row with each takes N^2 products: a minute at 60,000 rows, hours at a million. Above
EXACT rows an inverted file takes its place (Sivic and Zisserman, 2003, "Video Google"; Jégou et
al., 2011, "Product Quantization for Nearest Neighbor Search"): spherical k-means parts the rows
into about 2 sqrt(N) cells, and a row is sought in the few cells whose centers are most like it. How
many is measured: of some rows, compared with all, 98 of 100 of the true neighbors must be there.
What is found does not depend on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import laplacian, reverse_cuthill_mckee
from torch import Tensor
from torch.nn import functional as F

EXACT = 15_000  # rows up to which all are compared
PASSES = 6  # of k-means
SAMPLE = 64  # rows a cell from which the centers are learned
GROUPED, GROUP = 1000, 2  # cells from which on they are learned in groups, of so many
TRIED, NEAR = 512, 8  # rows whose nearest so many say in how many cells to look
RECALL = 0.985  # of these that are found: a little more than is promised of all
BLOCK = 2**24  # cosines held at once
QUERIES = 2**15  # rows sought at once, at most
CLOSE = 16  # cells of each row that are remembered, so that it can be sought itself
PARTS = ("centers", "ids", "sizes", "probes")  # by which it is known again
NONE = -2.0  # below any cosine
Found = tuple[Tensor, Tensor, Tensor]


class Sorted(Protocol):
    """Unit rows, those of a cell side by side."""

    def __getitem__(self, part: slice, /) -> Tensor: ...


class Afar:
    """Rows that are asked for when they are looked at, so that nobody holds all of them.

    Args:
        directions: of rows by their numbers (n,), unit rows (n, D).
        ids: the numbers, those of a cell side by side.
    """

    def __init__(self, directions: Callable[[Tensor], Tensor], ids: Tensor) -> None:
        self.directions, self.ids = directions, ids

    def __getitem__(self, part: slice, /) -> Tensor:
        return self.directions(self.ids[part]).half()


class Neighbors:
    """The unit rows (N, D) among which is sought; a row of zeros is like nothing (0).

    Where there are more than `exact` they are kept in half precision, and may be given so.

    Args:
        exact: rows up to which there is one cell.
        probes: cells in which a row is sought; None for as many as it takes.
    """

    def __init__(self, unit: Tensor, *, exact: int = EXACT, probes: int | None = None) -> None:
        self.centers = _centers(unit, cells_for(len(unit)) if len(unit) > exact else 1)
        cells = len(self.centers)
        self.close: Tensor | None = self._cells(unit, min(CLOSE, cells)).to(torch.int32)
        mine = self.close[:, 0].long()
        self.ids = mine.argsort(stable=True)
        self.sizes = mine.bincount(minlength=cells)
        self.starts = self.sizes.cumsum(0) - self.sizes
        # A cell's rows lie side by side; half as wide where there are many
        self.rows: Sorted = unit[self.ids] if cells == 1 else unit.half()[self.ids]
        self.probes = min(probes or self._enough(unit, mine), cells)

    @classmethod
    def known(cls, parts: Mapping[str, Tensor], rows: Sorted) -> Self:
        """Return what was made before, by its `parts`; its rows lie in the order of `ids`."""
        made = cls.__new__(cls)
        made.centers, made.close, made.rows = parts["centers"], None, rows
        made.ids, made.sizes = parts["ids"].long(), parts["sizes"].long()
        made.starts = made.sizes.cumsum(0) - made.sizes
        made.probes = int(parts["probes"])
        return made

    @property
    def parts(self) -> dict[str, Tensor]:
        """All but the rows, to be `known` again."""
        probes = torch.tensor(self.probes)
        values = (self.centers, self.ids.int(), self.sizes.int(), probes)
        return dict(zip(PARTS, values, strict=True))

    def nearest(
        self, queries: Tensor, k: int, *, but: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the `k` nearest of queries (n, D), and their cosines, both (n, k), nearest first.

        As few as there are, where fewer than `k` are there.

        Args:
            queries: unit rows; one of zeros has any neighbors, of cosine 0.
            k: how many, at most.
            but: (n,) a row that is not its query's neighbor, as it is the query itself.
        """
        k = self._there(k, but)
        ids = torch.full((len(queries), k), -1)
        cosines = torch.full((len(queries), k), NONE)
        for places, found, cosine in self.blocks(queries, k, but=but):
            ids[places], cosines[places] = found, cosine
        return ids, cosines

    def blocks(self, queries: Tensor, k: int, *, but: Tensor | None = None) -> Iterator[Found]:
        """Yield (places, ids, cosines) of `nearest` for some of the queries after the others."""
        k = self._there(k, but)
        if not k or not len(queries):
            return
        cells = self._sought_in(queries, but)
        # The place of the row that is not its query's neighbor
        own = torch.full((len(queries),), -1) if but is None else self.ids.argsort()[but]
        order = cells[:, 0].argsort(stable=True)
        size = max(1, min(QUERIES, BLOCK // max(self.probes * k, len(self.ids) // len(self.sizes))))
        for places in order.split(size):
            yield places, *self._seek(queries[places].float(), cells[places], k, own[places])

    def _sought_in(self, queries: Tensor, but: Tensor | None) -> Tensor:
        """Return the cells in which each query is sought, (n, probes); of a row it is known."""
        if but is None or self.close is None or self.probes > self.close.shape[1]:
            return self._cells(queries, self.probes)
        return self.close[but, : self.probes].long()

    def _there(self, k: int, but: Tensor | None) -> int:
        """Return how many of the `k` there can be."""
        return max(min(k, len(self.ids) - (but is not None)), 0)

    def _enough(self, unit: Tensor, mine: Tensor) -> int:
        """Return in how many cells to look, so that RECALL of some rows' nearest are there."""
        if len(self.centers) == 1:
            return 1
        drawn = torch.randperm(len(unit), generator=torch.Generator().manual_seed(1))
        some = unit[drawn[:TRIED]].float()
        like, cells = torch.empty(len(some), 0), torch.empty(len(some), 0).long()
        for rows, theirs in zip(unit.split(QUERIES), mine.split(QUERIES), strict=True):
            like = torch.cat([like, some @ rows.float().T], 1)
            cells = torch.cat([cells, theirs.expand(len(some), -1)], 1)
            best = like.topk(min(NEAR + 1, like.shape[1]))  # itself is one of them
            like, cells = best.values, cells.gather(1, best.indices)
        ranks = (some @ self.centers.T).argsort(dim=1, descending=True).argsort(dim=1)
        return int(ranks.gather(1, cells).flatten().float().quantile(RECALL).ceil()) + 1

    def _cells(self, rows: Tensor, n: int) -> Tensor:
        """Return the `n` cells most like each of rows (m, D), (m, n)."""
        if len(self.centers) == 1:
            return torch.zeros(len(rows), 1, dtype=torch.int64)
        return torch.cat([like.topk(n).indices for like in _cosines(rows, self.centers)])

    def _seek(self, queries: Tensor, cells: Tensor, k: int, own: Tensor) -> tuple[Tensor, Tensor]:
        """Seek each query in its `cells` (n, probes), one product a cell; else in all."""
        probes = cells.shape[1]
        cosines = torch.full((cells.numel(), k), NONE)
        ids = torch.full((cells.numel(), k), -1)
        flat = cells.flatten()
        askers = flat.argsort(stable=True).split(flat.bincount(minlength=len(self.sizes)).tolist())
        for cell, (pairs, size) in enumerate(zip(askers, self.sizes.tolist(), strict=True)):
            for some in pairs.split(max(1, BLOCK // size)) if size and len(pairs) else ():
                who = some // probes
                found, cosine = self._inside(cell, queries[who], k, own[who])
                ids[some, : found.shape[1]], cosines[some, : found.shape[1]] = found, cosine
        best = cosines.reshape(len(queries), -1).topk(k)
        found = ids.reshape(len(queries), -1).gather(1, best.indices)
        cosine = best.values
        few = (found < 0).any(1).nonzero()[:, 0]
        if len(few):  # their cells hold fewer than k
            found[few], cosine[few] = self._everywhere(queries[few], k, own[few])
        return found, cosine

    def _inside(self, cell: int, queries: Tensor, k: int, own: Tensor) -> tuple[Tensor, Tensor]:
        """Return the nearest in one cell, at most `k`."""
        start, size = int(self.starts[cell]), int(self.sizes[cell])
        members = self.ids[start : start + size]
        like = queries @ self.rows[start : start + size].float().T
        itself = ((own >= start) & (own < start + size)).nonzero().squeeze(1)
        like[itself, own[itself] - start] = NONE
        best = like.topk(min(k, size))
        return members[best.indices].masked_fill(best.values == NONE, -1), best.values

    def _everywhere(self, queries: Tensor, k: int, own: Tensor) -> tuple[Tensor, Tensor]:
        """Compare with all rows."""
        ids, cosines = torch.empty(len(queries), 0).long(), torch.empty(len(queries), 0)
        for cell in self.sizes.nonzero()[:, 0].tolist():
            more, cosine = self._inside(cell, queries, k, own)
            ids, cosines = torch.cat([ids, more], 1), torch.cat([cosines, cosine], 1)
            best = cosines.topk(min(k, cosines.shape[1]))
            ids, cosines = ids.gather(1, best.indices), best.values
        return ids, cosines


def cells_for(rows: int) -> int:
    """Return into about how many cells so many rows are best parted."""
    return round(2 * math.sqrt(rows))


def _centers(unit: Tensor, cells: int) -> Tensor:
    """Return about so many centers (cells, D) of unit rows, learned from some of them.

    Many are learned in groups, so that no row is compared with all of them; centers of a group
    have numbers in a row.
    """
    shuffled = torch.randperm(len(unit), generator=torch.Generator().manual_seed(0))
    some = unit[shuffled[: SAMPLE * cells]].float()
    if cells == 1:
        return some[:1]
    if cells < GROUPED:
        return _means(some, cells)
    tops = _means(some[: SAMPLE * cells // GROUP], cells // GROUP)
    mine = torch.cat([like.argmax(1) for like in _cosines(some, tops)])
    own = [some[mine == group] for group in range(len(tops))]
    # As many cells as its rows ask for, and one where there is any
    shares = [min(max(round(len(rows) * cells / len(some)), 1), len(rows)) for rows in own]
    return torch.cat([_means(rows, n) for rows, n in zip(own, shares, strict=True)])


def _means(rows: Tensor, count: int) -> Tensor:
    """Return centers (count, D) of at least as many unit rows by spherical k-means."""
    centers = rows[:count].clone()
    for _ in range(PASSES if count else 0):
        mine = torch.cat([like.argmax(1) for like in _cosines(rows, centers)])
        sums = torch.zeros_like(centers).index_add_(0, mine, rows)
        centers = torch.where(sums.any(1, keepdim=True), F.normalize(sums), centers)
    return centers


def _cosines(rows: Tensor, centers: Tensor) -> Iterator[Tensor]:
    """Yield the cosines (b, cells) of some of the rows (m, D) after the others."""
    for part in rows.split(max(1, BLOCK // len(centers))):
        yield part.float() @ centers.T


def linked(joined: Tensor) -> tuple[Tensor, csr_matrix]:
    """Return the rows (n,) in an order, and S (n, n) of the graph of them in that order.

    Those that are linked lie near each other, so that what goes along the edges finds its neighbors
    in the processor's cache (Cuthill and McKee, 1969).

    Args:
        joined: each row's nearest others, (n, k - 1).
    """
    n, width = joined.shape
    starts = np.arange(n + 1) * width
    graph = csr_matrix((np.ones(starts[-1]), joined.flatten().numpy(), starts), shape=(n, n))
    step = normalized(graph)
    order = reverse_cuthill_mckee(step, symmetric_mode=True)
    near = step[order][:, order]
    near.sort_indices()
    return torch.from_numpy(order.astype(np.int64)), near


def normalized(graph: csr_matrix) -> csr_matrix:
    """Return S of a sparse (n, n) graph: every edge in both directions (Iscen et al., 2019).

    It is without its diagonal, and normalized on both sides.
    """
    step = -laplacian(graph + graph.T, normed=True).tocsr()
    step.setdiag(0)
    return step
