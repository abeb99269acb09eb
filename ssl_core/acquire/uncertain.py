"""Uncertain, then diverse: the doubtful images, but not the same doubt ten times.

The top of any uncertainty score is full of near-repeats, and asking about them is worse than
asking at random while labels are few. So the best 10 n are grouped by k-means on their
embeddings into n groups, and each group sends its highest score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssl_core.acquire.cluster import groups
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
from ssl_core.errors import SSLError

SHORTLIST = 10  # doubtful images for each one asked
LARGEST = 20_000  # rows that are ever grouped


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Asks about the highest `score` of each group; ties go to the lower id."""

    name: str
    score: Callable[[Floats], Floats]  # (N, C) logits -> (N,); higher = ask sooner
    says: str  # how the score reads, e.g. "entropy {:.2f} nats"

    def select(self, pool: Pool, labelled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labelled)
        logits = needs(pool.logits, "predictions", self.name, "'cold_start' or 'random'")
        if not len(rows) or n < 1:
            return EMPTY
        _sound(logits, pool.ids)
        scores = self.score(logits[rows])
        # Rows are ordered by id and the sort is stable, so ties fall to the lower id
        order = np.argsort(-scores, kind="stable")
        if pool.embeddings is None or len(rows) <= n:
            chosen = order[:n]
        else:
            chosen = self._diverse(pool.embeddings, rows, order, n, pool, rng)
        picked = rows[chosen]
        return Selection(
            ids=pool.ids[picked],
            score=scores[chosen],
            propensity=np.full(len(chosen), np.nan),
            reason=tuple(
                self._reason(score, row, pool.classes)
                for score, row in zip(scores[chosen], logits[picked], strict=True)
            ),
        )

    def _diverse(
        self,
        embeddings: Floats,
        rows: NDArray[np.int64],
        order: NDArray[np.int64],
        n: int,
        pool: Pool,
        rng: np.random.Generator,
    ) -> NDArray[np.int64]:
        shortlist = order[: max(n, min(SHORTLIST * n, LARGEST))]
        vectors = np.asarray(embeddings[rows[shortlist]], np.float32)
        finite(vectors, pool.ids[rows[shortlist]], "embedding")
        # The shortlist runs from the highest score, so the first of each group is its best
        _, first = np.unique(groups(vectors, n, rng), return_index=True)
        rest = np.setdiff1d(np.arange(len(shortlist)), first)
        taken = np.sort(np.concatenate([first, rest[: n - len(first)]]))
        chosen: NDArray[np.int64] = shortlist[taken]
        return chosen

    def _reason(self, score: float, logits: Floats, classes: Sequence[str]) -> str:
        said = self.says.format(float(score))
        if len(logits) < 2:
            return said
        second, first = np.argsort(logits, kind="stable")[-2:]
        named = [classes[c] if c < len(classes) else f"class {c}" for c in (first, second)]
        return f"{said}, torn between {named[0]} and {named[1]}"


def _sound(logits: Floats, ids: NDArray[np.int64]) -> None:
    """Raise if a row holds NaN, naming the image."""
    # The sum of a row is NaN if and only if it holds NaN, or +inf beside -inf
    bad = np.flatnonzero(np.isnan(logits.sum(axis=1)))
    if len(bad):
        raise SSLError(
            f"The prediction of image {ids[bad[0]]} is not a number. Run a round to predict anew."
        )
