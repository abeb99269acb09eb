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
    Labels,
    Pool,
    Selection,
    candidates,
    finite,
    needs,
)

NEIGHBORS = 20  # over which density is measured
MOST_GROUPS = 500
LARGEST = 20_000  # rows that are grouped; more are sampled down
CORE = 1_000  # members of a group, nearest its center, that may be its typical one


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Groups the pool by k-means and asks about the most typical image of each group.

    There are as many groups as labels after this selection; those with the fewest labels come
    first, and among them the largest. It needs embeddings and no label.
    """

    def select(self, pool: Pool, labelled: Labels, n: int, rng: np.random.Generator) -> Selection:
        open_rows = candidates(pool, labelled)
        embeddings = needs(pool.embeddings, "embeddings", "cold_start", "'random'")
        if not len(open_rows) or n < 1:
            return EMPTY
        n = min(n, len(open_rows))
        rows, known = _sample(pool, labelled, open_rows, n, rng)
        vectors = np.asarray(embeddings[rows], np.float32)
        finite(vectors, pool.ids[rows], "embedding")
        vectors = unit_length(vectors)
        group = groups(vectors, min(int(known.sum()) + n, MOST_GROUPS), rng)
        chosen, score = _typical(vectors, group, known, n)
        size = np.bincount(group)[group[chosen]] * (len(np.unique(pool.ids)) / len(rows))
        return Selection(
            ids=pool.ids[rows[chosen]],
            score=score,
            propensity=np.full(n, np.nan),
            reason=tuple(f"typical of a group of {round(count)}" for count in size),
        )


def _sample(
    pool: Pool,
    labelled: Labels,
    open_rows: NDArray[np.int64],
    n: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return rows to group, by id, open and labelled ones alike, and which are labelled."""
    everything = candidates(pool, Labels())
    if len(everything) > LARGEST:
        some = rng.choice(open_rows, min(max(LARGEST, n), len(open_rows)), replace=False)
        seen = everything[np.isin(pool.ids[everything], labelled.ids)]
        everything = np.concatenate([some, seen])
        everything = everything[np.argsort(pool.ids[everything], kind="stable")]
    return everything, np.isin(pool.ids[everything], labelled.ids)


def _typical(
    vectors: NDArray[np.float32], group: NDArray[np.int64], known: NDArray[np.bool_], n: int
) -> tuple[NDArray[np.int64], Floats]:
    """Take the most typical open row of one group after the other, until there are `n`."""
    covered = np.bincount(group, weights=known)
    size = np.bincount(group)
    ranked: dict[int, list[tuple[int, float]]] = {}
    chosen: list[tuple[int, float]] = []
    turn = 0
    while len(chosen) < n:
        for g in np.lexsort((-size, covered))[: None if turn else n]:
            if g not in ranked:
                ranked[g] = _by_typicality(vectors, np.flatnonzero((group == g) & ~known))
            chosen += ranked[g][turn : turn + 1]
        turn += 1
    kept = chosen[:n]
    return np.array([row for row, _ in kept], np.int64), np.array([score for _, score in kept])


def _by_typicality(
    vectors: NDArray[np.float32], members: NDArray[np.int64]
) -> list[tuple[int, float]]:
    """Order a group's rows by 1 / mean distance to their nearest neighbors, highest first."""
    if len(members) < 2:
        return [(int(row), 0.0) for row in members]
    own = vectors[members]
    away = np.linalg.norm(own - own.mean(axis=0), axis=1)
    core = np.sort(np.argsort(away, kind="stable")[:CORE])
    near = NearestNeighbors(n_neighbors=min(NEIGHBORS, len(core) - 1)).fit(own[core])
    distance = near.kneighbors()[0].mean(axis=1)
    typicality = 1 / np.maximum(distance, 1e-6)
    inside = [(core[i], float(typicality[i])) for i in np.argsort(-typicality, kind="stable")]
    outside = [(i, 0.0) for i in np.setdiff1d(np.argsort(away, kind="stable"), core)]
    return [(int(members[i]), score) for i, score in inside + outside]
