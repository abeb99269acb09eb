"""What a round says of the pool, gone through once as it ends: for pages it would be too much."""

from __future__ import annotations

import numpy as np

from annotator.store.database import Database, Numbers
from annotator.store.finding.first import keep
from annotator.store.finding.telling import NOTHING, Told, told


def sum_up(db: Database, number: int) -> None:
    """Count what a round says, and keep what comes first in each order.

    The caller holds the transaction; predictions are written.
    """
    said = told(db, number)
    _count(db, number, said)
    keep(db, number, said)


def _count(db: Database, number: int, said: Told) -> None:
    sure = said.confident
    guesses = _counted(said.own[sure], said.plain[sure], said.former[sure])
    rows = [(number, *row) for row in guesses]
    db.insert("guess_count", rows)
    both, twice = said.plain > NOTHING, sure & said.was
    for beside, pairs in (
        ("baseline", _counted(said.own[both], said.plain[both])),
        ("before", _counted(said.own[twice], said.former[twice])),
    ):
        named = [(number, beside, *row) for row in pairs]
        db.insert("pair_count", named)


def _counted(*classes: Numbers) -> list[tuple[int, ...]]:
    """How often which classes (n,) stand side by side; a row of NOTHING says: it was counted."""
    width = 1 + max((int(each.max()) for each in classes if len(each)), default=0)
    codes = np.zeros(len(classes[0]), np.int64)
    for each in classes:
        codes = codes * width + each
    found, n = np.unique(codes, return_counts=True)
    sides = np.stack(np.unravel_index(found, (width,) * len(classes)), 1)
    return [
        (*[NOTHING] * len(classes), 0),
        *((*side, times) for side, times in zip(sides.tolist(), n.tolist(), strict=True)),
    ]
