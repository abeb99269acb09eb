"""Margin sampling (Scheffer et al., 2001): ask about the closest calls."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, score_rows


def margin(probabilities: Floats) -> Floats:
    """Return 1 - (p1 - p2), 0 to 1, for the two likeliest: (N, C) -> (N,); higher = ask sooner.

    Raises:
        SSLError: a row holds no probabilities; the message names it.
    """
    return score_rows(probabilities, _margin)


def _margin(p: Floats) -> Floats:
    if len(p) == 1:
        return np.zeros_like(p[0])
    second, first = np.partition(p, len(p) - 2, axis=0)[-2:]
    gap: Floats = 1 - (first - second)
    return gap
