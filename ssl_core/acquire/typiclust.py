"""TypiClust (Hacohen et al., 2022): with few labels, ask about what is typical of each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from ssl_core.acquire.cluster import groups, unit_length
from ssl_core.acquire.pool import (
    EMPTY,
    Floats,
    Ids,
    Labels,
    Pool,
    Reason,
    Selection,
    candidates,
    crowd,
    decided,
    known,
    needs,
    vectors,
)

NEIGHBORS = 20  # over which density is measured
MOST_GROUPS = 500
LARGEST = 20_000  # rows that are grouped; more are sampled down
CORE = 1_000  # members of a group, nearest its center, that may be its typical one


@dataclass(frozen=True, slots=True)
class TypiClust:
    """Groups the pool by k-means and asks about the most typical image of each group.

    There are as many groups as labels after this selection; those with the fewest labels come
    first, and among them the largest. It needs embeddings and no label.
    """

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        open_rows = candidates(pool, labeled)
        needs(pool.embeddings, "embeddings", "typiclust", "'random'")
        if not len(open_rows) or n < 1:
            return EMPTY
        n = min(n, len(open_rows))
        share = 1.0
        if len(open_rows) > max(LARGEST, n):
            some = np.sort(rng.choice(len(open_rows), max(LARGEST, n), replace=False))
            share = len(some) / len(open_rows)
            open_rows = open_rows[some]
        seen = known(pool, labeled)
        rows = np.concatenate([open_rows, seen])
        is_known = np.arange(len(rows)) >= len(open_rows)
        unit = unit_length(vectors(pool, rows, "typiclust"))
        group = groups(unit, min(len(seen) + n, MOST_GROUPS), rng)
        chosen, score = _typical(unit, group, is_known, n)
        size = np.bincount(group)[group[chosen]] / share
        reason = tuple(
            Reason(crowd(count), f"typical of a group of {round(count):,}") for count in size
        )
        return decided(pool, rows[chosen], score, reason)


def _typical(unit: Floats, group: Ids, is_known: NDArray[np.bool_], n: int) -> tuple[Ids, Floats]:
    """Take the most typical open row of one group after the other, until there are `n`."""
    covered = np.bincount(group, weights=is_known)
    size = np.bincount(group)
    ranked: dict[int, list[tuple[int, float]]] = {}
    chosen: list[tuple[int, float]] = []
    turn = 0
    while len(chosen) < n:
        for g in np.lexsort((-size, covered))[: None if turn else n]:
            if g not in ranked:
                ranked[g] = _by_typicality(unit, np.flatnonzero((group == g) & ~is_known))
            chosen += ranked[g][turn : turn + 1]
        turn += 1
    kept = chosen[:n]
    return np.array([row for row, _ in kept], np.int64), np.array([score for _, score in kept])


def _by_typicality(unit: Floats, members: Ids) -> list[tuple[int, float]]:
    """Order a group's rows by 1 / mean distance to their nearest neighbors, highest first."""
    if len(members) < 2:
        return [(int(row), 0.0) for row in members]
    own = unit[members]
    away = np.linalg.norm(own - own.mean(axis=0), axis=1)
    core = np.sort(np.argsort(away, kind="stable")[:CORE])
    near = NearestNeighbors(n_neighbors=min(NEIGHBORS, len(core) - 1)).fit(own[core])
    distance = near.kneighbors()[0].mean(axis=1)
    typicality = 1 / np.maximum(distance, 1e-6)
    inside = [(core[i], float(typicality[i])) for i in np.argsort(-typicality, kind="stable")]
    outside = [(i, 0.0) for i in np.setdiff1d(np.argsort(away, kind="stable"), core)]
    return [(int(members[i]), score) for i, score in inside + outside]
