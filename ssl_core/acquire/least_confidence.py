"""Least confidence (Lewis & Gale, 1994): ask where even the best guess is unlikely."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, score_rows


def least_confidence(logits: Floats) -> Floats:
    """Return 1 - max p, 0 to 1 - 1/C: logits (N, C) -> (N,); higher = ask sooner."""
    return score_rows(logits, _least_confidence)


def _least_confidence(shifted: Floats) -> Floats:
    weight = np.exp(shifted)
    doubt: Floats = 1 - weight.max(axis=0) / weight.sum(axis=0)
    return doubt
