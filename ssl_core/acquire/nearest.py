"""More like this: the rows whose embeddings point the same way as one given."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.pool import Floats, Ids
from ssl_core.errors import SSLError

CHUNK = 1_024  # rows; 512 float32 numbers of each are 2 MiB and stay near the processor


def nearest(embeddings: Floats, query: Floats, n: int) -> tuple[Ids, Floats]:
    """Return the `n` rows of (N, D) most like `query` (D,), and their cosines, -1 to 1.

    The most alike comes first; ties go to the lower row, and a row of zeros is like nothing (0).
    The search is exact. It reads the embeddings in chunks, so a memory-map need not fit in memory.

    Raises:
        SSLError: the query is not (D,), or it or a row is not a number; the message names the row.
    """
    if embeddings.ndim != 2 or query.shape != embeddings.shape[1:]:
        raise SSLError(
            f"The query is {query.shape}, the embeddings are {embeddings.shape};"
            " they must be (D,) and (N, D)."
        )
    wanted = np.asarray(query, np.float64)
    if not np.isfinite(wanted).all():
        raise SSLError("The embedding to look for is not a number. Compute it again.")
    wanted = wanted / (np.linalg.norm(wanted) or 1)
    cosine = np.empty(len(embeddings))
    for start in range(0, len(embeddings), CHUNK):
        cosine[start : start + CHUNK] = _cosine(embeddings[start : start + CHUNK], wanted)
    bad = np.flatnonzero(~np.isfinite(cosine))
    if len(bad):
        raise SSLError(f"The embedding of row {bad[0]} is not a number. Compute it again.")
    rows = highest(cosine, n)
    return rows, cosine[rows]


def highest(score: Floats, n: int) -> Ids:
    """Return the rows of the `n` highest of (N,) scores, highest first, ties to the lower row."""
    n = min(max(n, 0), len(score))
    if n < len(score) // 4:
        # All that could be among the n, ties of the last one included; the rest is never sorted
        edge = np.partition(score, len(score) - n)[len(score) - n] if n else np.inf
        rows = np.flatnonzero(score >= edge)
    else:
        rows = np.arange(len(score))
    order: Ids = rows[np.argsort(-score[rows], kind="stable")[:n]]
    return order


def _cosine(chunk: Floats, unit: Floats) -> Floats:
    wide = np.asarray(chunk, np.float32)
    # einsum sums each row by itself, so its place in the chunk changes nothing, not even a bit
    length = np.sqrt(np.einsum("nd,nd->n", wide, wide))
    dot = np.einsum("nd,d->n", wide, unit.astype(np.float32))
    cosine: Floats = np.divide(dot, length, out=np.zeros_like(dot), where=length != 0)
    return np.clip(cosine, -1, 1)
