"""Entropy (Shannon, 1948): ask where the prediction is most spread out."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, score_rows


def entropy(logits: Floats) -> Floats:
    """Return the entropy in nats, 0 to ln C: logits (N, C) -> (N,); higher = ask sooner."""
    return score_rows(logits, _entropy)


def _entropy(shifted: Floats) -> Floats:
    # -Σ p ln p = ln Z - Σ z e^z / Z, which needs no logarithm of a probability
    lowest = np.finfo(shifted.dtype).min
    weight = np.exp(shifted)
    total = weight.sum(axis=0)
    # -inf times 0 would be NaN where it should be 0
    weight *= np.maximum(shifted, lowest)
    nats: Floats = np.log(total) - weight.sum(axis=0) / total
    return np.maximum(nats, 0)
