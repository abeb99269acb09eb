"""A score over a pool: what it is called, what it is made of, and how it reads as a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.classwise import unsound
from ssl_core.acquire.pool import Floats, Ids, Labels, Pool, Reason, needs
from ssl_core.errors import SSLError

Weigh = Callable[[Floats, Labels], Floats]  # (N, C) and what is known -> (N,) factors


@dataclass(frozen=True, slots=True)
class Score:
    """Says how much an image is worth asking about; higher = sooner."""

    name: str
    of: Callable[[Floats], Floats]  # (N, C) -> (N,); of members' (K, N, C) if `members`
    plain: str  # what it means, in words
    says: str  # how the score reads, e.g. "entropy {:.2f} nats"
    members: bool = False
    weigh: Weigh | None = None

    def __call__(self, pool: Pool, rows: Ids, labeled: Labels) -> Floats:
        """Return the scores of these rows, (n,).

        Raises:
            SSLError: there are no predictions, or one of them is none; the message names the image.
        """
        values = self._values(pool, rows)
        bad = unsound(values)
        if bad is not None:
            raise SSLError(
                f"The prediction of image {pool.ids[rows[bad]]} is no probabilities (numbers from "
                "0 that add up to 1). Predict it again; of logits, give the softmax."
            )
        scores = self.of(values)
        if self.weigh is None:
            return scores
        return scores * self.weigh(predictions(pool, self.name)[rows], labeled)

    def reasons(self, pool: Pool, rows: Ids, scores: Floats, also: str = "") -> tuple[Reason, ...]:
        """Return a few words for each of these rows, its score, and the two likeliest classes."""
        said = [self.says.format(float(score)) for score in scores]
        p = pool.probabilities
        guesses = [""] * len(rows)
        if p is not None and p.shape[1] > 1:
            likeliest = np.argsort(p[rows], axis=1, kind="stable")[:, :-3:-1]
            named = (" and ".join(_class(pool, c) for c in two) for two in likeliest)
            guesses = [f"torn between {two}" for two in named]
        return tuple(
            Reason(self.plain + also, each, guess)
            for each, guess in zip(said, guesses, strict=True)
        )

    def _values(self, pool: Pool, rows: Ids) -> Floats:
        if not self.members:
            return predictions(pool, self.name)[rows]
        return needs(pool.members, "members", self.name, "'entropy' or 'random'")[:, rows]


def predictions(pool: Pool, strategy: str) -> Floats:
    """Return the pool's probabilities (N, C).

    Raises:
        SSLError: there are none; the message says what to use as long as that is so.
    """
    return needs(pool.probabilities, "predictions", strategy, "'cold_start' or 'random'")


def _class(pool: Pool, number: int) -> str:
    return pool.classes[number] if number < len(pool.classes) else f"class {number}"
