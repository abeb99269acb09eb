"""Entropy (Shannon, 1948): ask where the prediction is most spread out."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, nats, score_rows


def entropy(probabilities: Floats) -> Floats:
    """Return the entropy in nats, 0 to ln C: (N, C) -> (N,); higher = ask sooner.

    Raises:
        SSLError: a row holds no probabilities; the message names it.
    """
    return score_rows(probabilities, _entropy)


def _entropy(p: Floats) -> Floats:
    spread: Floats = np.maximum(nats(p, axis=0), 0)  # the largest may be rounded to above 1
    return spread
