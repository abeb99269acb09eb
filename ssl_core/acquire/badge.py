"""BADGE (Ash et al., 2020): ask where an answer would move the model far, and each another way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ssl_core.acquire.far import plus_plus
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

LARGEST = 20_000  # rows to choose from: those with the longest residuals


@dataclass(frozen=True, slots=True)
class Badge:
    """Draws by k-means++ among the gradients that the model's own guesses would give.

    The gradient of an image is its residual (C,) times its features (D,). Distances follow from
    the two factors, so the (N, C x D) gradients are never written down.
    """

    score: Score  # what the reason tells

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        probabilities = predictions(pool, "badge")
        if not len(rows) or n < 1:
            return EMPTY
        scores = self.score(pool, rows, labeled)  # which also finds what is no prediction
        residuals = residual(probabilities[rows])
        short = np.sort(highest((residuals**2).sum(axis=1), max(LARGEST, n)))
        rows, scores, a = rows[short], scores[short], residuals[short]
        h = vectors(pool, rows, "badge")
        # Another number of threads may sum to other digits, and a draw fall otherwise
        with threadpool_limits(1):
            chosen, size = _draw(a, h, min(n, len(rows)), rng)
        reason = self.score.reasons(pool, rows[chosen], scores[chosen])
        return decided(pool, rows[chosen], size, reason)


def residual(probabilities: Floats) -> Floats:
    """Return p - onehot(argmax p) of (N, C), the loss's slope by logits if the guess were true.

    Times the features it is the gradient of the cross-entropy by the last layer's weights.
    """
    slope: Floats = np.array(probabilities, np.float32)
    slope[np.arange(len(slope)), probabilities.argmax(axis=1)] -= 1
    return slope


def _draw(a: Floats, h: Floats, n: int, rng: np.random.Generator) -> tuple[Ids, Floats]:
    """Draw `n` rows of the products of a (m, C) and h (m, D), the longest one first."""
    size = np.einsum("mc,mc->m", a, a) * np.einsum("md,md->m", h, h)

    def columns(some: Ids) -> Floats:
        inner: Floats = (a @ a[some].T) * (h @ h[some].T)
        inner *= -2
        inner += size[:, None] + size[some]
        return inner

    first = int(size.argmax())
    gap = np.maximum(columns(np.array([first]))[:, 0], 0)
    gap[first] = 0
    chosen, away = plus_plus(gap, columns, n, rng)
    # The lowest rows fill up when no distance is left; the first may be among them
    later = chosen != first
    return (
        np.concatenate([[first], chosen[later]])[:n],
        np.concatenate([[np.sqrt(size[first])], away[later]])[:n],
    )
