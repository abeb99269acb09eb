"""Margin sampling (Scheffer et al., 2001): ask about the closest calls."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, score_rows


def margin(logits: Floats) -> Floats:
    """Return 1 - (p1 - p2), 0 to 1, for the two likeliest: (N, C) -> (N,); higher = ask sooner."""
    return score_rows(logits, _margin)


def _margin(shifted: Floats) -> Floats:
    weight = np.exp(shifted)
    total = weight.sum(axis=0)
    if len(weight) == 1:
        return np.zeros_like(total)
    second, first = np.partition(weight, len(weight) - 2, axis=0)[-2:]
    gap: Floats = 1 - (first - second) / total
    return gap
