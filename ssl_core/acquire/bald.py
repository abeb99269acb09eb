"""BALD (Houlsby et al., 2011): ask where members that are each sure contradict one another."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, score_members


def bald(members: Floats) -> Floats:
    """Return the mutual information of answer and member, in nats, 0 to ln min(K, C).

    Args:
        members: (K, N, C) logits of K members of an ensemble, or of K passes with dropout.
    """
    return score_members(members, _bald)


def _bald(p: Floats) -> Floats:
    # Entropy of the mean less mean of the entropies; the floor makes 0 ln 0 the 0 it should be
    tiny = np.finfo(p.dtype).tiny
    mean = p.mean(axis=0)
    together = -(mean * np.log(np.maximum(mean, tiny))).sum(axis=0)
    apart: Floats = -(p * np.log(np.maximum(p, tiny))).sum(axis=1).mean(axis=0)
    information: Floats = np.maximum(together - apart, 0)
    return information
