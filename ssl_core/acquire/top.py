"""Top: the highest scores in a row, with no regard for how alike the images are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import EMPTY, Labels, Pool, Selection, candidates, decided
from ssl_core.acquire.score import Score, predictions


@dataclass(frozen=True, slots=True)
class Top:
    """Asks about the highest scores; ties go to the lower id."""

    score: Score

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        del rng  # nothing is left to chance
        rows = candidates(pool, labeled)
        predictions(pool, self.score.name)
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labeled)
        chosen = highest(scores, n)
        reason = self.score.reasons(pool, rows[chosen], scores[chosen])
        return decided(pool, rows[chosen], scores[chosen], reason)
