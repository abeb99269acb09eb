"""Random sampling: every image has the same chance, so what is learned of it is unbiased."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.pool import EMPTY, Labels, Pool, Selection, candidates

REASON = "chosen at random"


@dataclass(frozen=True, slots=True)
class Uniform:
    """Asks at random, without replacement."""

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        taken = min(n, len(rows))
        if taken < 1:
            return EMPTY
        chosen = rng.permutation(pool.ids[rows])[:taken]
        share = np.full(taken, taken / len(rows))
        drawn = np.ones(taken, bool)
        return Selection(chosen, np.zeros(taken), share, (REASON,) * taken, drawn)
