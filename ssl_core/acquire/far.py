"""Far from what is there: farthest-first and distance-weighted draws, many columns at a time.

Both pick one row after the other, each depending on the distances to those before. Distances to
one row are a walk through all memory; to 32 rows they are a matrix product that takes little
longer. So the columns of the likeliest next picks are computed together; what is picked is the
same, to the row, as one at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ssl_core.acquire.nearest import highest
from ssl_core.acquire.pool import Floats, Ids

BLOCK = 32

Columns = Callable[[Ids], Floats]  # rows (b,) -> squared distances of all m rows to them, (m, b)


def farthest(gap: Floats, columns: Columns, n: int) -> tuple[Ids, Floats]:
    """Return the `n` rows that farthest-first traversal picks, and each one's distance then.

    Args:
        gap: (m,) squared distance of each row to the nearest center that is there already.
        columns: squared distances to any rows.
        n: how many, at most m. Ties go to the lower row.
    """
    gap = gap.copy()
    chosen: list[int] = []
    far: list[float] = []
    while len(chosen) < n:
        ahead = highest(gap, BLOCK)
        block = columns(ahead)
        place = {int(row): i for i, row in enumerate(ahead)}
        while len(chosen) < n and (row := int(gap.argmax())) in place:
            chosen.append(row)
            far.append(float(gap[row]))
            np.minimum(gap, block[:, place.pop(row)], out=gap)
            gap[row] = -1  # below a twin's 0: no row comes twice
    return np.array(chosen, np.int64), np.sqrt(np.maximum(far, 0))


def plus_plus(
    gap: Floats, columns: Columns, n: int, rng: np.random.Generator
) -> tuple[Ids, Floats]:
    """Return `n` rows drawn as k-means++ does, by squared distance, and each one's distance then.

    Proposals come from distances that are a block old and are taken with the share that is left
    of theirs: rejection sampling, which draws from the very distribution of one at a time.
    Arguments are those of `farthest`; when no row is left with a distance, the lowest follow.
    """
    gap = np.maximum(gap, 0).astype(np.float64)
    chosen: list[int] = []
    far: list[float] = []
    while len(chosen) < n and gap.sum() > 0:
        rising = gap.cumsum()
        proposed = np.searchsorted(rising, rng.random(BLOCK) * rising[-1], side="right")
        block, stale = columns(proposed), gap.copy()
        for i, row in enumerate(proposed):
            if len(chosen) < n and rng.random() * stale[row] < gap[row]:
                chosen.append(int(row))
                far.append(float(gap[row]))
                np.minimum(gap, np.maximum(block[:, i], 0), out=gap)
                gap[row] = 0
    rest = np.setdiff1d(np.arange(len(gap)), chosen)[: n - len(chosen)]
    return np.array([*chosen, *rest], np.int64), np.sqrt([*far, *np.zeros(len(rest))])
