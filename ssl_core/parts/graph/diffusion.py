"""Diffusion along a graph: what is given to few of its nodes arrives at all of them."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ssl_core.types import Working, finish

OFTEN = 10  # steps between two words of it
SPREADING = "spreading labels"
# Shares of all that is given: what is left over in the end, and what is little beside that
TOLERANCE, FAINT = 1e-12, 1e-8
EXACTLY = 1e-6  # share of what has arrived at a far row that still arrives, and is let go


def diffuse(step: csr_matrix, given: NDArray[np.number], alpha: float) -> NDArray[np.float64]:
    """Return the limit of F <- alpha S F + (1 - alpha) Y, (n, C) like `given` Y.

    S, the `step`, is what is `normalized`.
    """
    found: NDArray[np.float64] = finish(diffusing(step, given, alpha))
    return found


def diffusing(
    step: csr_matrix, given: NDArray[np.number], alpha: float
) -> Generator[Working, None, NDArray[np.float64]]:
    """Find the limit by Chebyshev's steps (Golub and Varga, 1961): half of those above or less.

    The eigenvalues of `step` are in [-1, 1], so that it is known how many steps it takes. What they
    leave over is alike everywhere, and may be all there is where next to nothing arrives: such rows
    go on from the others, by the steps above.
    """
    some = np.flatnonzero(given.any(1))  # few rows are given anything
    own, step = (1 - alpha) * given[some], alpha * step
    before, found = (np.zeros(given.shape) for _ in range(2))
    found[some] = own
    weight, rate = 2.0, alpha / (1 + np.sqrt(1 - alpha**2))
    steps = int(np.ceil(np.log(TOLERANCE / 2) / np.log(rate)))
    for number in range(steps):
        if number % OFTEN == 0:
            yield Working(SPREADING, number / steps)
        after = step @ found
        after[some] += own
        weight = 1 / (1 - weight * alpha**2 / 4)
        after *= weight
        before *= 1 - weight
        after += before
        before, found = found, after
    near = found.sum(1) >= FAINT * own.sum()
    if len(far := np.flatnonzero(~near & _reached(step, some))):
        found[far] = 0.0
        found[far] = _onward(step[far], found, far)
    return found


def _reached(step: csr_matrix, some: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which rows (n,) have a way to one of `some`."""
    island = connected_components(step, directed=False)[1]
    found: NDArray[np.bool_] = np.isin(island, island[some])
    return found


def _onward(
    step: csr_matrix, found: NDArray[np.float64], far: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return what arrives (f, C) at rows that are `far`, of those that are not: sums of parts.

    No part is below 0, so that what is little is as exact as what is much.
    """
    arrived: NDArray[np.float64] = step @ found
    more, inner = arrived.copy(), step[:, far]
    while (more > EXACTLY * arrived).any():
        more = inner @ more
        arrived += more
    return arrived
