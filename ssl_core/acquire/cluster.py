"""Groups of similar images: k-means that never needs all pairs."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from threadpoolctl import threadpool_limits

from ssl_core.acquire.pool import Floats, Ids

EXACT = 5_000  # rows up to which full k-means is affordable


def groups(
    embeddings: Floats, k: int, rng: np.random.Generator, weight: Floats | None = None
) -> Ids:
    """Assign each of (n, D) embeddings, scaled to unit length, to one of at most `k` groups: (n,).

    Identical rows may leave groups empty; the caller gets fewer groups than it asked for.
    A `weight` (n,) draws the middle of its group toward a row.
    """
    unit = unit_length(embeddings)
    distinct = np.unique(unit, axis=0)
    if len(distinct) <= k:
        return np.asarray(np.unique(unit, axis=0, return_inverse=True)[1], np.int64).ravel()
    seed = int(rng.integers(2**31))
    if len(unit) <= EXACT:
        model = KMeans(k, n_init=1, max_iter=50, random_state=seed)
    else:
        model = MiniBatchKMeans(k, n_init=1, batch_size=4096, max_iter=20, random_state=seed)
    # Sums that threads share out end in other digits with another number of threads
    with threadpool_limits(1):
        return np.asarray(model.fit_predict(unit, sample_weight=weight), np.int64)


def unit_length(embeddings: Floats) -> Floats:
    """Scale each row of (n, D) to length 1, as float32; rows of zeros stay."""
    wide = np.asarray(embeddings, np.float32)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    unit: Floats = np.divide(wide, length, out=np.zeros_like(wide), where=length > 0)
    return unit
