"""Uncertain, then diverse: the doubtful images, but not the same doubt ten times.

The top of any uncertainty score is full of near-repeats, and asking about them is worse than
asking at random while labels are few. So the best 10 n are grouped by k-means on their
embeddings into n groups, and each group sends its highest score (Zhdanov, 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.cluster import groups
from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import EMPTY, Ids, Labels, Pool, Selection, candidates, vectors
from ssl_core.acquire.score import Score, predictions

LARGEST = 20_000  # rows that are ever grouped


@dataclass(frozen=True, slots=True)
class Diverse:
    """Asks about the highest score of each group; ties go to the lower id.

    Without embeddings it asks about the highest scores.
    """

    score: Score
    shortlist: int = 10  # doubtful images for each one asked

    def select(self, pool: Pool, labelled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labelled)
        predictions(pool, self.score.name)
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labelled)
        chosen = highest(scores, max(n, min(self.shortlist * n, LARGEST)))
        if pool.embeddings is not None and len(chosen) > n:
            chosen = chosen[_spread(pool, rows[chosen], n, rng)]
        chosen = chosen[:n]
        return Selection(
            ids=pool.ids[rows[chosen]],
            score=scores[chosen],
            propensity=np.full(len(chosen), np.nan),
            reason=self.score.reasons(pool, rows[chosen], scores[chosen]),
        )


def _spread(pool: Pool, rows: Ids, n: int, rng: np.random.Generator) -> Ids:
    """Return places in `rows`, which run from the highest score: the first of each group."""
    _, first = np.unique(groups(vectors(pool, rows, "diversity"), n, rng), return_index=True)
    rest = np.setdiff1d(np.arange(len(rows)), first)
    places: Ids = np.sort(np.concatenate([first, rest[: n - len(first)]]))
    return places
