"""Uncertainty herding (Bae et al., 2025): ask what is near to much doubt that no label is near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ssl_core.acquire.classwise import nats
from ssl_core.acquire.cluster import unit_length
from ssl_core.acquire.gumbel import draw
from ssl_core.acquire.k_center import gaps, squared
from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import (
    EMPTY,
    SOME,
    Floats,
    Ids,
    Labels,
    Pool,
    Reason,
    Selection,
    candidates,
    crowd,
    decided,
    known,
    needs,
    vectors,
)
from ssl_core.acquire.score import Score

LARGEST = 2_000  # rows that stand for the pool and may be asked; all their pairs are compared
LEAST = 1e-6  # doubt of a row without any, and the least squared width: neither may be 0


@dataclass(frozen=True, slots=True)
class Herd:
    """Asks, one after the other, for the image whose answer would cover the most doubt.

    A row is covered as far as the nearest known or chosen one is like it, by a Gaussian as wide
    as half of the rows are from the nearest known one: with few labels it is the typical images
    that cover much, with many the doubtful ones. Without predictions every row is in doubt.
    Where rows are dense each counts less, by density to the power of -`unevenness`: where classes
    are even every image counts the same, and where they are not, or nobody knows, every part of
    space that holds any, as a rare class is a small group somewhere.
    """

    score: Score

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        if pool.probabilities is None:
            needs(pool.embeddings, "embeddings", "mix", "'random'")
        if not len(rows) or n < 1:
            return EMPTY
        doubt: Floats = np.ones(len(rows))
        if pool.probabilities is not None:
            doubt = self.score(pool, rows, labeled)
        chosen, nearer = highest(doubt, n), None
        if pool.embeddings is not None:
            chosen, nearer = self._herded(pool, rows, labeled, doubt, n, rng)
        return decided(
            pool,
            rows[chosen],
            doubt[chosen],
            self._reasons(pool, rows[chosen], doubt[chosen], nearer),
        )

    def _herded(
        self,
        pool: Pool,
        rows: Ids,
        labeled: Labels,
        doubt: Floats,
        n: int,
        rng: np.random.Generator,
    ) -> tuple[Ids, Floats]:
        """Return `n` places in `rows`, and how many images each is nearer to than what is known."""
        uneven = unevenness(labeled, pool)
        some, chance = draw(doubt + LEAST, LARGEST, rng)
        order = np.argsort(some)
        some, stands = some[order], 1 / chance[order]
        unit = unit_length(vectors(pool, rows[some], "mix"))
        centers = unit_length(vectors(pool, known(pool, labeled), "mix"))
        # Another number of threads may sum to other digits, and a near tie fall otherwise
        with threadpool_limits(1):
            away = np.maximum(squared(unit, unit), 0)
            gap = np.maximum(gaps(unit, centers), 0) if len(centers) else np.full(len(unit), np.inf)
            width = np.median(gap) if len(centers) else np.median(away) / 2
            scale = np.float32(-1 / max(float(width), LEAST))
            like, cover = np.exp(scale * away), np.exp(scale * gap)
            density = (like @ stands.astype(np.float32)) / stands.sum()
            weight = (doubt[some] + LEAST) * stands * density**-uneven
            first, nearer = herded(like, cover, weight, min(n, len(some)), stands)
        left = np.ones(len(rows), bool)
        left[some[first]] = False
        rest = np.flatnonzero(left)[: n - len(first)]
        return np.concatenate([some[first], rest]), np.append(nearer, np.zeros(len(rest)))

    def _reasons(
        self, pool: Pool, rows: Ids, doubt: Floats, nearer: Floats | None
    ) -> tuple[Reason, ...]:
        if nearer is None:
            return self.score.reasons(pool, rows, doubt)
        near = [_near(float(count)) for count in nearer]
        if pool.probabilities is None:
            return tuple(near)
        doubts = self.score.reasons(pool, rows, doubt)
        return tuple(
            _both(doubt, each) if count >= SOME else doubt  # nearer to itself alone is no reason
            for doubt, each, count in zip(doubts, near, nearer, strict=True)
        )


def _near(count: float) -> Reason:
    images = "1 image" if round(count) == 1 else f"{round(count):,} images"
    return Reason(crowd(count), f"nearer to {images} than all that is known")


def _both(one: Reason, other: Reason) -> Reason:
    return Reason(f"{one}; {other}", f"{one.detail}; {other.detail}", one.guess)


def unevenness(labeled: Labels, pool: Pool) -> float:
    """Return how uneven the classes are as far as is known, 0 to 1; 1 before there are predictions.

    Those of the labels, or those that are guessed of the pool, whichever is more: labels that are
    asked for what is rare are soon more even than the pool. It is 1 from where they are worth no
    more than an even half of the classes, by exp(entropy) as the number that they are worth.
    """
    if pool.probabilities is None:
        return 1.0
    classes = pool.probabilities.shape[1]
    given, guessed = labeled.y[labeled.y >= 0], pool.probabilities.argmax(1)
    return max(_uneven(np.bincount(each, minlength=classes)) for each in (given, guessed))


def _uneven(count: Ids) -> float:
    """The same of so many of each class (C,); of none at all 0."""
    if not count.any():
        return 0.0
    worth = float(np.exp(nats(count / count.sum(), axis=0)))
    return min(1.0, 2 * (1 - min(worth / len(count), 1.0)))


def herded(
    like: Floats, cover: Floats, weight: Floats, n: int, stands: Floats
) -> tuple[Ids, Floats]:
    """Return the `n` rows that raise the weighted cover most, one by one, and what each is nearest.

    Args:
        like: (m, m) how far a row covers another, 0 to 1, symmetric.
        cover: (m,) how far each is covered already.
        weight: (m,) what its cover is worth.
        n: how many, at most m. Ties go to the lower row.
        stands: (m,) images for which each row stands; summed over those that a row is nearest.
    """
    weight, cover = weight.astype(np.float32), cover.astype(np.float32)
    # No row's gain ever grows, so an old one is a bound, and few must be worked out anew
    bound = np.maximum(like - cover, 0) @ weight
    chosen, nearer = [], []
    for _ in range(n):
        best = -1
        while best != (best := int(bound.argmax())):
            bound[best] = np.maximum(like[best] - cover, 0) @ weight
        chosen.append(best)
        nearer.append(float(stands[like[best] > cover].sum()))
        np.maximum(cover, like[best], out=cover)
        bound[best] = -1  # below a twin's 0: no row comes twice
    return np.array(chosen, np.int64), np.array(nearer)
