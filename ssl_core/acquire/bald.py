"""BALD (Houlsby et al., 2011): ask where members that are each sure contradict one another."""

from __future__ import annotations

import numpy as np

from ssl_core.acquire.classwise import Floats, nats, score_members


def bald(members: Floats) -> Floats:
    """Return the mutual information of answer and member, in nats, 0 to ln min(K, C): (N,).

    Args:
        members: (K, N, C) probabilities by K members of an ensemble, or by K passes with dropout.

    Raises:
        SSLError: there are no members, or a row holds no probabilities; the message names it.
    """
    return score_members(members, _bald)


def _bald(p: Floats) -> Floats:
    # Entropy of the mean less mean of the entropies
    information: Floats = np.maximum(nats(p.mean(axis=0), axis=0) - nats(p, axis=1).mean(axis=0), 0)
    return information
