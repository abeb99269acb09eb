"""BatchBALD (Kirsch et al., 2019): what the whole batch tells about the members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.classwise import nats
from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import EMPTY, Floats, Ids, Labels, Pool, Selection, candidates, decided
from ssl_core.acquire.score import Score

SHORTLIST = 300  # images with the highest BALD that are looked at together
OUTCOMES = 1_000  # of the batch so far that are told apart; more are sampled
TOLD = 0.99  # of all there is to tell, ln K: what is left after it is noise


@dataclass(frozen=True, slots=True)
class BatchBald:
    """Asks, one after the other, what adds most to the mutual information of batch and members.

    A second image on which the members differ in the same way adds nothing, so it is passed over.
    When the batch tells nearly which member is right, the others follow by their own BALD.
    """

    score: Score

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        rows = candidates(pool, labeled)
        if not len(rows) or n < 1:
            self.score(pool, rows[:0], labeled)  # says if there are no members
            return EMPTY
        scores = self.score(pool, rows, labeled)
        short = highest(scores, max(SHORTLIST, n))
        assert pool.members is not None
        chosen, gain = together(pool.members[:, rows[short]].astype(np.float64), n, rng)
        picked = short[chosen]
        reason = self.score.reasons(pool, rows[picked], scores[picked])
        return decided(pool, rows[picked], gain, reason)


def together(p: Floats, n: int, rng: np.random.Generator) -> tuple[Ids, Floats]:
    """Return the places picked among probabilities (K, m, C), and what each added, in nats.

    Args:
        p: of K members for m images, the highest BALD first.
        n: how many; all if there are fewer.
        rng: draws outcomes of the batch when there are too many to list.
    """
    count, images, _ = p.shape
    noise = nats(p, axis=2).mean(axis=0)  # (m,) nats
    # Of each outcome of the batch so far: its chance by each member, and how often it stands
    outcomes: Floats = np.ones((1, count))
    weights: Floats = np.ones(1)
    open_places = np.ones(images, bool)
    chosen: list[int] = []
    gains: list[float] = []
    told = 0.0
    while len(chosen) < min(n, images) and told < TOLD * np.log(count):
        gain = np.where(open_places, _surprise(p, outcomes, weights) - noise, -np.inf)
        best = int(gain.argmax())
        open_places[best] = False
        chosen.append(best)
        gains.append(max(float(gain[best]), 0.0))
        told += gains[-1]
        outcomes, weights = _extend(outcomes, weights, p[:, best], rng)
    rest = np.flatnonzero(open_places)[: n - len(chosen)]
    return np.array([*chosen, *rest], np.int64), np.array([*gains, *np.zeros(len(rest))])


def _surprise(p: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Return each image's entropy given the batch's outcome, (m,) nats.

    `outcomes` (O, K) holds chances by member, `weights` (O,) adds up to 1: the outcome's own.
    """
    count, images, classes = p.shape
    belief = outcomes / outcomes.sum(axis=1, keepdims=True)  # (O, K): which member it speaks for
    given = belief @ p.reshape(count, images * classes)
    given *= np.log(np.maximum(given, 1e-300))
    entropy: Floats = -(weights @ given).reshape(images, classes).sum(axis=1)
    return entropy


def _extend(
    outcomes: Floats, weights: Floats, p: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Add an image (K, C) to the batch: each outcome with each answer, or a sample of those."""
    belief = outcomes / outcomes.sum(axis=1, keepdims=True)
    chance = (weights[:, None] * (belief @ p)).ravel()
    outcomes = (belief[:, None, :] * p.T[None]).reshape(-1, belief.shape[1])
    if np.count_nonzero(chance) > OUTCOMES:
        drawn = rng.choice(len(chance), OUTCOMES, p=chance / chance.sum())
        return outcomes[drawn], np.full(OUTCOMES, 1 / OUTCOMES)
    return outcomes[chance > 0], chance[chance > 0] / chance.sum()
