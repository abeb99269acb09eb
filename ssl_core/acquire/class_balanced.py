"""Class-balanced acquisition: a doubt counts more, the fewer labels its likely classes have."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.pool import Floats, Labels


def rarity(logits: Floats, labeled: Labels) -> Floats:
    """Return how rare the likely classes are among the labels, 0 to 1: (N, C) logits -> (N,).

    A class that has no label counts 1, one with m labels 1 / (1 + m); an image is the mean of
    its classes by their probabilities.
    """
    wide = np.asarray(logits, np.float32)
    p = np.exp(wide - wide.max(axis=1, keepdims=True))
    count = np.bincount(labeled.y[labeled.y >= 0], minlength=logits.shape[1])
    rare: Floats = p @ (1 / (1 + count[: logits.shape[1]])) / p.sum(axis=1)
    return rare
