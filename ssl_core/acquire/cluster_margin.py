"""Cluster-Margin (Citovsky et al., 2021): close calls, in turn from small groups and large ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.cluster import groups
from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import EMPTY, Ids, Labels, Pool, Selection, candidates, decided, vectors
from ssl_core.acquire.score import Score, predictions

SHORTLIST = 10  # doubtful images for each one asked
GROUPED = 2_000  # rows that show how the pool falls into groups, besides the shortlist
MEMBERS = 20  # rows a group, about


@dataclass(frozen=True, slots=True)
class ClusterMargin:
    """Groups the pool, keeps the closest calls, and takes one of each group, small groups first.

    The paper groups hierarchically, which needs all pairs; here k-means stands for it.
    """

    score: Score

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        predictions(pool, "cluster_margin")
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labeled)
        short = highest(scores, SHORTLIST * n)
        others = np.setdiff1d(np.arange(len(rows)), short)
        if len(others) > GROUPED:
            others = np.sort(rng.choice(others, GROUPED, replace=False))
        shown = rows[np.concatenate([short, others])]
        group = groups(vectors(pool, shown, "cluster_margin"), max(n, len(shown) // MEMBERS), rng)
        chosen = short[_in_turn(group[: len(short)])[:n]]
        reason = self.score.reasons(pool, rows[chosen], scores[chosen])
        return decided(pool, rows[chosen], scores[chosen], reason)


def _in_turn(group: Ids) -> Ids:
    """Return places (m,) of rows that run from the closest call: one a group, then the next."""
    size = np.bincount(group)
    turn = np.empty(len(group), np.int64)
    for g in np.flatnonzero(size):
        turn[group == g] = np.arange(size[g])
    order: Ids = np.lexsort((group, size[group], turn))
    return order
