"""Uncertain, then diverse: the doubtful images, but not the same doubt ten times.

The top of any uncertainty score is full of near-repeats, and asking about them is worse than
asking at random while labels are few. So the best 10 n are grouped by k-means on their
embeddings into n groups, and each group sends one (Zhdanov, 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.cluster import groups, unit_length
from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import (
    EMPTY,
    Floats,
    Ids,
    Labels,
    Pool,
    Selection,
    candidates,
    decided,
    vectors,
)
from ssl_core.acquire.score import Score, predictions

LARGEST = 20_000  # rows that are ever grouped
LEAST = 1e-6  # weight of a row without any doubt: a group needs a middle


@dataclass(frozen=True, slots=True)
class Diverse:
    """Asks about the highest score of each group, or with `middle` about its most central image.

    The middle is weighted by the score. It stands for more images, so it teaches more where the
    classes are even; a rare class is found sooner by the highest. Ties go to the lower id, and
    without embeddings it asks about the highest scores.
    """

    score: Score
    shortlist: int = 10  # doubtful images for each one asked
    middle: bool = False

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        predictions(pool, self.score.name)
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labeled)
        chosen = highest(scores, max(n, min(self.shortlist * n, LARGEST)))
        if pool.embeddings is not None and len(chosen) > n:
            weight = scores[chosen] if self.middle else None
            chosen = chosen[_spread(pool, rows[chosen], n, rng, weight)]
        chosen = chosen[:n]
        reason = self.score.reasons(pool, rows[chosen], scores[chosen])
        return decided(pool, rows[chosen], scores[chosen], reason)


def _spread(pool: Pool, rows: Ids, n: int, rng: np.random.Generator, weight: Floats | None) -> Ids:
    """Return places in `rows`, which run from the highest score: one of each group."""
    x = unit_length(vectors(pool, rows, "diversity"))
    if weight is None:
        _, sent = np.unique(groups(x, n, rng), return_index=True)
    else:
        weight = np.maximum(weight, LEAST)
        group = groups(x, n, rng, weight)
        sent = np.array([_central(x, weight, np.flatnonzero(group == g)) for g in np.unique(group)])
    rest = np.setdiff1d(np.arange(len(rows)), sent)
    places: Ids = np.sort(np.concatenate([sent, rest[: n - len(sent)]]))
    return places


def _central(x: Floats, weight: Floats, group: Ids) -> int:
    """Return the place in the group that is nearest to its weighted mean."""
    away = x[group] - np.average(x[group], axis=0, weights=weight[group])
    return int(group[np.einsum("nd,nd->n", away, away).argmin()])
