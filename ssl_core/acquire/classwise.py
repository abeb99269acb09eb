"""Scores over many rows: probabilities one class after the other, in chunks that fit the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Floats = NDArray[np.floating[Any]]
CHUNK = 16_384  # rows; ten float32 classes of them are 640 KiB


def score_rows(logits: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Apply `score` ((C, n) logits less their largest -> (n,)) to (N, C) logits; return (N,).

    Each row is worked out by itself, so neither its place nor the chunk size changes its score.
    A logit of -inf is a probability of 0.

    Raises:
        SSLError: a logit is NaN or +inf, or a row has only -inf; the message names the row.
    """
    if logits.ndim != 2 or not logits.shape[1]:
        raise SSLError(f"Logits must be (rows, classes), not {logits.shape}.")
    kind = np.float64 if logits.dtype == np.float64 else np.float32
    out: Floats = np.empty(len(logits), kind)
    for start, part in _chunks(logits, kind):
        with np.errstate(invalid="ignore"):
            part -= part.max(axis=0)
        out[start : start + part.shape[1]] = score(part)
    bad = np.flatnonzero(np.isnan(out))
    if len(bad):
        raise SSLError(
            f"The logits of row {bad[0]} are not numbers: {logits[bad[0]].tolist()}. "
            "Predict it again."
        )
    return out


def _chunks(logits: Floats, kind: type[np.floating[Any]]) -> Iterator[tuple[int, Floats]]:
    for start in range(0, len(logits), CHUNK):
        yield start, np.ascontiguousarray(logits[start : start + CHUNK].T, kind)
