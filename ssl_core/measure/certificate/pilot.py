"""What validation rows say of errors along the order: worlds that they leave open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, ndtri

from ssl_core.errors import SSLError

Floats = NDArray[np.float64]

CELLS = 400
WORLDS = 400
FEW = 25  # rows that do for a model that is right nine times of ten; a weak one takes 100
LEVEL = np.linspace(-9, 3, 37)
SLOPE = np.linspace(0, 5, 21)
SURE = np.array([0, 0.003, 0.01, 0.03])  # share that is wrong however sure
BELIEVED = np.array([0.5, 0.2, 0.2, 0.1])  # beforehand
TINY = 1e-12


def places(pool: NDArray[np.floating[Any]], scores: NDArray[np.floating[Any]]) -> Floats:
    """Return where rows with scores (n,) would stand in a pool's order (N,), in (0, 1).

    Raises:
        SSLError: the pool is empty.
    """
    if not len(pool):
        raise SSLError("There is no pool to place validation rows in.")
    higher = len(pool) - np.searchsorted(np.sort(pool), scores, side="right")
    found: Floats = (higher + 0.5) / len(pool)
    return np.minimum(found, 1 - 0.5 / len(pool))


def worlds(at: Floats, wrong: NDArray[np.bool_], seed: int) -> Floats:
    """Draw WORLDS curves (WORLDS, CELLS + 1): the wrong rows up to each place, by all rows.

    The chance to be wrong at place u is eta + (1 - eta) sigmoid(a + b probit(u)), on a grid of a, b
    and eta, with a prior and the likelihood of the pilot.

    Args:
        at: places (n,) of validation rows, in (0, 1); none is the prior alone, which is poor.
        wrong: (n,) whether their pseudo-labels are.
        seed: of the draws.

    Raises:
        SSLError: the two are not equally long, or a place is outside.
    """
    if at.shape != wrong.shape:
        raise SSLError(f"{len(at):,} places need as many answers, not {len(wrong):,}.")
    if len(at) and not (at.min() > 0 and at.max() < 1):
        raise SSLError("A place in the order is between 0 and 1.")
    a, b, eta = (each.ravel() for each in np.meshgrid(LEVEL, SLOPE, SURE, indexing="ij"))
    believed = np.log(np.tile(BELIEVED, len(LEVEL) * len(SLOPE)))
    weight = believed - 0.5 * ((b - 2) / 1.2) ** 2 - 0.5 * ((a + 3) / 3) ** 2
    for u, is_wrong in zip(at, wrong, strict=True):
        chance = np.clip(_chance(a, b, eta, u), TINY, 1 - TINY)
        weight += np.log(chance if is_wrong else 1 - chance)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(a), WORLDS, p=np.exp(weight - logsumexp(weight)))
    middle = (np.arange(CELLS) + 0.5) / CELLS
    curves = np.zeros((WORLDS, CELLS + 1))
    a, b, eta = (each[chosen, None] for each in (a, b, eta))
    curves[:, 1:] = _chance(a, b, eta, middle).cumsum(1) / CELLS
    return curves


def _chance(a: Floats, b: Floats, eta: Floats, u: Any) -> Floats:
    found: Floats = eta + (1 - eta) * expit(a + b * ndtri(u))
    return found
