"""Scores over many rows: probabilities one class after the other, in chunks that fit the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Floats = NDArray[np.floating[Any]]
CHUNK = 16_384  # rows; ten float32 classes of them are 640 KiB
ROUNDING = 0.01  # how far from 1 probabilities may add up: thousands of float16 ones do


def score_rows(probabilities: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Apply `score` ((C, n) probabilities -> (n,)) to probabilities (N, C); return (N,).

    Each row is worked out by itself, so neither its place nor the chunk size changes its score.

    Raises:
        SSLError: the shape is another, or a row holds no probabilities; the message names the row.
    """
    if probabilities.ndim != 2 or not probabilities.shape[1]:
        raise SSLError(f"Probabilities must be (rows, classes), not {probabilities.shape}.")
    _check(probabilities)
    kind = _kind(probabilities)
    out: Floats = np.empty(len(probabilities), kind)
    for start in range(0, len(out), CHUNK):
        part = np.ascontiguousarray(probabilities[start : start + CHUNK].T, kind)
        out[start : start + CHUNK] = score(part)
    return out


def score_members(members: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Apply `score` ((K, C, n) probabilities -> (n,)) to probabilities (K, N, C); return (N,).

    Raises:
        SSLError: as for `score_rows`.
    """
    if members.ndim != 3 or not members.shape[0] or not members.shape[2]:
        raise SSLError(
            f"Members' probabilities must be (members, rows, classes), not {members.shape}."
        )
    _check(members)
    kind = _kind(members)
    rows = max(CHUNK // len(members), 1)
    out: Floats = np.empty(members.shape[1], kind)
    for start in range(0, len(out), rows):
        part = np.ascontiguousarray(members[:, start : start + rows].transpose(0, 2, 1), kind)
        out[start : start + rows] = score(part)
    return out


def nats(p: Floats, axis: int) -> Floats:
    """Return the entropy of probabilities along an axis, in nats; a probability of 0 adds none."""
    tiny = np.finfo(p.dtype).tiny  # has a logarithm, so that 0 ln 0 is the 0 it should be
    spread: Floats = 0 - (p * np.log(np.maximum(p, tiny))).sum(axis=axis)
    return spread


def unsound(p: Floats) -> int | None:
    """Return the first row of (N, C), or of members' (K, N, C), that holds no probabilities.

    Those are numbers from 0 that add up to 1, up to rounding.
    """
    with np.errstate(invalid="ignore"):  # +inf beside -inf is NaN, and found as such
        sound = abs(np.einsum("...c->...", p, dtype=_kind(p), casting="same_kind") - 1) <= ROUNDING
        if p.size and p.min() < 0:
            sound &= (p >= 0).all(axis=-1)
    if p.ndim == 3:
        sound = sound.all(axis=0)
    return None if sound.all() else int(sound.argmin())


def _check(p: Floats) -> None:
    row = unsound(p)
    if row is not None:
        raise SSLError(
            f"Row {row} holds no probabilities (numbers from 0 that add up to 1): "
            f"{p[..., row, :].tolist()}. Predict it again; of logits, give the softmax."
        )


def _kind(p: Floats) -> type[np.floating[Any]]:
    return np.float64 if p.dtype == np.float64 else np.float32
