"""Probabilities of the classes as shares of one whole: two bytes each, and together all of it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHOLE = 65_000  # what the shares of an image add up to: near the most that two bytes hold, and even
CHUNK = 65_536  # rows that are packed at once
DIGITS = 6  # that a share has as a probability: enough to tell it from its neighbors


def packed(probabilities: NDArray[np.floating[Any]]) -> list[bytes]:
    """The shares of each row of probabilities (n, C), 2 C bytes a row.

    What rounding down leaves over goes to those that it took most from. So none is off by 1 in
    65,000, and none has more than a likelier one.
    """
    found: list[bytes] = []
    for start in range(0, len(probabilities), CHUNK):
        exact = probabilities[start : start + CHUNK].astype(np.float64)
        exact *= WHOLE / exact.sum(1, keepdims=True)
        shares = np.floor(exact)
        order = np.argsort(shares - exact, axis=1, kind="stable")
        turn = np.argsort(order, axis=1, kind="stable")
        shares += turn < np.rint(WHOLE - shares.sum(1, keepdims=True))
        content, width = shares.astype("<u2").tobytes(), 2 * exact.shape[1]
        found += [content[at : at + width] for at in range(0, len(content), width)]
    return found


def unpacked(shares: bytes) -> NDArray[np.float64]:
    """The probabilities (C,) that `packed` made shares of."""
    found: NDArray[np.float64] = np.frombuffer(shares, "<u2") / WHOLE
    return found


def named(shares: bytes, names: Sequence[str]) -> dict[str, float]:
    """The probabilities by name, in the order of the names; what two have by one name is added.

    Args:
        shares: as `packed` made them.
        names: of the classes (C,).
    """
    each = struct.unpack(f"<{len(names)}H", shares)
    found = dict(zip(names, map(_probability, each), strict=True))
    if len(found) == len(names):
        return found
    added = dict.fromkeys(names, 0)
    for name, share in zip(names, each, strict=True):
        added[name] += share
    return {name: _probability(share) for name, share in added.items()}


@cache
def _probability(share: int) -> float:
    """Rounded once: there are no more shares than two bytes hold, and many rows have them."""
    return round(share / WHOLE, DIGITS)
