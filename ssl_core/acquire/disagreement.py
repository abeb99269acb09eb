"""Disagreement (Gao et al., 2020): ask where small changes of the image change the answer."""

from __future__ import annotations

from ssl_core.acquire.classwise import Floats, score_members


def disagreement(members: Floats) -> Floats:
    """Return the variance of the probabilities over members, summed over classes: 0 to 1 - 1/K.

    Args:
        members: (K, N, C) probabilities by one model on K views of each image, or by K members.

    Raises:
        SSLError: there are no members, or a row holds no probabilities; the message names it.
    """
    return score_members(members, _variance)


def _variance(p: Floats) -> Floats:
    away = p - p.mean(axis=0)
    variance: Floats = (away * away).sum(axis=1).mean(axis=0)
    return variance
