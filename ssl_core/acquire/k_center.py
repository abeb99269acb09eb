"""k-center (Gonzalez, 1985; Sener & Savarese, 2018): ask what is farthest from all known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ssl_core.acquire.cluster import unit_length
from ssl_core.acquire.far import farthest
from ssl_core.acquire.pool import (
    EMPTY,
    Floats,
    Labels,
    Pool,
    Reason,
    Selection,
    candidates,
    decided,
    known,
    needs,
    vectors,
)

LARGEST = 20_000  # rows to choose from; more are sampled down
AT_ONCE = 256  # labeled rows whose distances fit in memory


@dataclass(frozen=True, slots=True)
class KCenter:
    """Asks, one after the other, about the image farthest from the labeled and the chosen ones.

    The farthest that any image then lies from one of them is at most twice the least possible.
    Distances are between directions, so 0 to 2. Without a label it begins in the middle.
    """

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        needs(pool.embeddings, "embeddings", "k_center", "'random'")
        if not len(rows) or n < 1:
            return EMPTY
        if len(rows) > max(LARGEST, n):
            rows = rows[np.sort(rng.choice(len(rows), max(LARGEST, n), replace=False))]
        unit = unit_length(vectors(pool, rows, "k_center"))
        centers = unit_length(vectors(pool, known(pool, labeled), "k_center"))
        # Another number of threads may sum to other digits, and a near tie fall otherwise
        with threadpool_limits(1):
            gap = gaps(unit, centers)
            chosen, away = farthest(gap, lambda some: squared(unit, unit[some]), min(n, len(rows)))
        reason = tuple(Reason("unlike all that is known", f"distance {each:.2f}") for each in away)
        return decided(pool, rows[chosen], away, reason)


def squared(points: Floats, centers: Floats) -> Floats:
    """Return the squared distances of unit vectors (m, D) to others (b, D): (m, b)."""
    distances: Floats = 2 - 2 * (points @ centers.T)
    return distances


def gaps(unit: Floats, centers: Floats) -> Floats:
    """Return the squared distance to the nearest center; of none, the middle is the farthest."""
    if not len(centers):
        middle: Floats = 2 + unit @ unit.mean(axis=0)
        return middle
    gap = np.full(len(unit), np.inf, np.float32)
    for start in range(0, len(centers), AT_ONCE):
        nearest: Floats = squared(unit, centers[start : start + AT_ONCE]).min(axis=1)
        np.minimum(gap, nearest, out=gap)
    return gap
