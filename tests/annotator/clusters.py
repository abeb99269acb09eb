"""Embeddings that lie in clusters, for what compares images."""

import numpy as np


def clusters(n, kinds=3, seed=0):
    """Embeddings (n, 8) around `kinds` corners, and which corner each is at."""
    rng = np.random.default_rng(seed)
    kind = np.arange(n) % kinds
    return (np.eye(8)[kind] * 5 + rng.normal(0, 0.4, (n, 8))).astype(np.float32), kind
