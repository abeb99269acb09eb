"""Class-balanced acquisition: a doubt counts more, the fewer labels its likely classes have."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.pool import Floats, Labels


def rarity(probabilities: Floats, labeled: Labels) -> Floats:
    """Return how rare the likely classes are among the labels, 0 to 1: (N, C) -> (N,).

    A class that has no label counts 1, one with m labels 1 / (1 + m); an image is the mean of
    its classes by their probabilities.
    """
    classes = probabilities.shape[1]
    count = np.bincount(labeled.y[labeled.y >= 0], minlength=classes)
    rare: Floats = probabilities @ (1 / (1 + count[:classes]))
    return rare
