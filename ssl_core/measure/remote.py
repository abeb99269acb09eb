"""How far rows lie from the nearest of others: what is far from all that is known is a surprise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 1_024  # rows at once
MOST = 2_000  # known rows that are compared; of more, so many are drawn by chance

Vectors = NDArray[np.floating[Any]]


def distances(rows: Vectors, known: Vectors, most: int = MOST) -> NDArray[np.float32]:
    """Return 1 - cosine of each row (n, D) to the nearest of `known` (m, D): (n,), 0 to 2.

    A row of zeros is like nothing: its distance is 1. Without known rows all are infinitely far.
    """
    if not len(known):
        return np.full(len(rows), np.inf, np.float32)
    if len(known) > most:
        known = known[np.sort(np.random.default_rng(0).choice(len(known), most, replace=False))]
    others = _unit(known).T
    found = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), CHUNK):
        found[start : start + CHUNK] = (_unit(rows[start : start + CHUNK]) @ others).max(1)
    return np.clip(1 - found, 0, 2)


def _unit(rows: Vectors) -> NDArray[np.float32]:
    wide = np.asarray(rows, np.float32)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    found: NDArray[np.float32] = wide / np.maximum(length, 1e-12)
    return found
