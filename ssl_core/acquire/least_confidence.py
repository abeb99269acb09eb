"""Least confidence (Lewis & Gale, 1994): ask where even the best guess is unlikely."""

from __future__ import annotations

from ssl_core.acquire.classwise import Floats, score_rows


def least_confidence(probabilities: Floats) -> Floats:
    """Return 1 - max p, 0 to 1 - 1/C: (N, C) -> (N,); higher = ask sooner.

    Raises:
        SSLError: a row holds no probabilities; the message names it.
    """
    return score_rows(probabilities, _least_confidence)


def _least_confidence(p: Floats) -> Floats:
    doubt: Floats = 1 - p.max(axis=0)
    return doubt
