"""The frozen order and the draw from it: the only chance in the proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError


def frozen(scores: NDArray[np.floating[Any]], ids: Sequence[Any]) -> NDArray[np.int64]:
    """Return the positions (N,) of rows by falling score (N,), ties by their ids.

    Raises:
        SSLError: a score is no number (the row is named), an id occurs twice, or there is not one
            id for each score.
    """
    if len(scores) != len(ids):
        raise SSLError(f"{len(scores):,} scores need as many ids, not {len(ids):,}.")
    lost = np.flatnonzero(np.isnan(scores))
    if len(lost):
        raise SSLError(f"The row '{ids[lost[0]]}' has no score: it cannot be ranked.")
    if len(set(ids)) < len(ids):
        raise SSLError("A row cannot be ranked twice: every id has to be another one.")
    order = sorted(range(len(ids)), key=lambda row: (-float(scores[row]), ids[row]))
    return np.array(order, np.int64)


def drawn(seed: int, rows: int, count: int) -> NDArray[np.int64]:
    """Return `count` of the ranks 0 to `rows` - 1 (count,), in the order of asking.

    Uniform and without replacement; the same seed draws the same rows. Take the seed from the
    operating system (`secrets.randbits`) after order and plan were written down, never before.

    Raises:
        SSLError: there are not as many rows.
    """
    if not 0 <= count <= rows:
        raise SSLError(f"Of {rows:,} rows, {count:,} cannot be drawn.")
    found: NDArray[np.int64] = np.random.default_rng(seed).choice(rows, count, replace=False)
    return found


def drawn_of_each(seed: int, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return (part, rank) of what is drawn of several orders, all in one random order of asking.

    One generator draws of one part after the other, so each draw is uniform, without replacement
    and independent of the others; then it shuffles them, so that nobody who is asked can tell where
    one part ends.

    Args:
        seed: see `drawn`.
        parts: of each, how many rows are drawn from, and how many are drawn.

    Raises:
        SSLError: a part has not as many rows.
    """
    rng, found = np.random.default_rng(seed), list[tuple[int, int]]()
    for part, (rows, count) in enumerate(parts):
        if not 0 <= count <= rows:
            raise SSLError(f"Of {rows:,} rows, {count:,} cannot be drawn.")
        found += [(part, int(rank)) for rank in rng.choice(rows, count, replace=False)]
    return [found[place] for place in rng.permutation(len(found))]
