"""LURE (Farquhar, Gal & Rainforth, 2021): a mean of the pool from rows that a policy picked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError


def weights(chances: NDArray[np.floating[Any]], rows: int) -> NDArray[np.float64]:
    """Return what each picked row counts (m,), so that a weighted mean is unbiased (equation 8).

    Args:
        chances: (m,) in the order of picking: with what chance this row was picked, of all rows
            that were left then.
        rows: N, of the pool before the first was picked.

    Raises:
        SSLError: a row had no chance, or more were picked than there are.
    """
    m = len(chances)
    if m > rows:
        raise SSLError(f"Of {rows:,} rows, {m:,} cannot have been picked.")
    if m and not (chances.min() > 0 and chances.max() <= 1):
        raise SSLError(
            "A row that had no chance to be picked stands for nothing: the policy must draw, "
            "as `gumbel` and `random` do, not take the top."
        )
    left = rows - np.arange(m, dtype=np.float64)  # when each was picked
    share = (rows - m) / np.maximum(left - 1, 1)  # of the last row of all, 0 / 0: nothing is left
    found: NDArray[np.float64] = 1 + share * (1 / (left * chances) - 1)
    return found


def estimate(
    values: NDArray[np.floating[Any]], chances: NDArray[np.floating[Any]], rows: int
) -> float:
    """Return the unbiased estimate of the pool's mean of `values` (m,): losses, or being wrong.

    Policies ask about hard rows: a plain mean over these is far off. NaN without any.

    Raises:
        SSLError: as for `weights`, or there is not one chance for each value.
    """
    if len(values) != len(chances):
        raise SSLError(f"{len(values):,} values need as many chances, not {len(chances):,}.")
    return float((weights(chances, rows) * values).mean()) if len(values) else float("nan")
