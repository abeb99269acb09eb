"""Scores over many rows: probabilities one class after the other, in chunks that fit the cache."""

from __future__ import annotations

from collections.abc import Callable
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
    kind = _kind(logits)
    out: Floats = np.empty(len(logits), kind)
    for start in range(0, len(logits), CHUNK):
        part = np.ascontiguousarray(logits[start : start + CHUNK].T, kind)
        with np.errstate(invalid="ignore"):
            part -= part.max(axis=0)
        out[start : start + CHUNK] = score(part)
    return _sound(out, logits)


def score_members(members: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Apply `score` ((K, C, n) probabilities -> (n,)) to (K, N, C) logits; return (N,).

    Raises:
        SSLError: as for `score_rows`.
    """
    if members.ndim != 3 or not members.shape[0] or not members.shape[2]:
        raise SSLError(f"Members' logits must be (members, rows, classes), not {members.shape}.")
    kind = _kind(members)
    rows = max(CHUNK // len(members), 1)
    out: Floats = np.empty(members.shape[1], kind)
    for start in range(0, len(out), rows):
        part = np.ascontiguousarray(members[:, start : start + rows].transpose(0, 2, 1), kind)
        with np.errstate(invalid="ignore"):
            part -= part.max(axis=1, keepdims=True)
        np.exp(part, out=part)
        part /= part.sum(axis=1, keepdims=True)
        out[start : start + rows] = score(part)
    return _sound(out, members.transpose(1, 0, 2))


def _kind(logits: Floats) -> type[np.floating[Any]]:
    return np.float64 if logits.dtype == np.float64 else np.float32


def _sound(scores: Floats, logits: Floats) -> Floats:
    """Return scores (N,) of logits (N, …), or raise with the first row that has none."""
    bad = np.flatnonzero(np.isnan(scores))
    if len(bad):
        raise SSLError(
            f"The logits of row {bad[0]} are not numbers: {logits[bad[0]].tolist()}. "
            "Predict it again."
        )
    return scores
