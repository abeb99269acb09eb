"""Gumbel-top-k (Kool et al., 2019): draw by score, so that every image has a known chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import EMPTY, Floats, Ids, Labels, Pool, Selection, candidates
from ssl_core.acquire.score import Score, predictions

FLOOR = 0.05  # of the mean score: what a certain image still has, so that none is never drawn


@dataclass(frozen=True, slots=True)
class Gumbel:
    """Draws without replacement, each image in proportion to its score (power acquisition).

    Adding Gumbel noise to the logarithms of the weights and taking the top is such a draw
    (Kirsch et al., 2023, "Stochastic Batch Acquisition").
    """

    score: Score

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        predictions(pool, self.score.name)
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labeled)
        chosen, propensity = draw(scores + (FLOOR * scores.mean() or 1.0), n, rng)
        return Selection(
            ids=pool.ids[rows[chosen]],
            score=scores[chosen],
            propensity=propensity,
            reason=self.score.reasons(pool, rows[chosen], scores[chosen], ", drawn by chance"),
            drawn=np.zeros(len(chosen), bool),
        )


def draw(weights: Floats, n: int, rng: np.random.Generator) -> tuple[Ids, Floats]:
    """Draw `n` of (N,) positive weights; return their places and their chances of being drawn.

    The chance is that of passing the threshold that the other images' noise has set, which is
    the highest one that was not drawn. Weighted by its inverse, any total over the drawn images
    is right on average for the whole pool (Kool et al., 2019, appendix B).
    """
    key = np.log(weights.astype(np.float64)) + rng.gumbel(size=len(weights))
    order = highest(key, n + 1)
    chosen = order[:n]
    if len(order) <= n:
        return chosen, np.ones(len(chosen))
    chance: Floats = -np.expm1(-weights[chosen] * np.exp(-key[order[n]]))
    return chosen, chance
