"""What a round says of the pool, gone through once as it ends: for pages it would be too much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.store.database import Database, Numbers
from annotator.store.finding.counting import FORMER

NOTHING = 0  # the class of what says nothing of an image

# Beside what the round says of each pool image, what its baseline and the round before it say
SAID = f"""SELECT own.image_id, own.class_id, own.confidence,
        COALESCE(plain.class_id, {NOTHING}), COALESCE(former.class_id, {NOTHING}),
        COALESCE(former.confidence, 0)
    FROM prediction AS own
    LEFT JOIN prediction AS plain ON plain.round_id = :round AND plain.model = 'baseline'
        AND plain.image_id = own.image_id
    LEFT JOIN prediction AS former ON former.round_id = {FORMER} AND former.model = 'ssl'
        AND former.image_id = own.image_id
    WHERE own.round_id = :round AND own.model = 'ssl'
      AND own.image_id NOT IN (SELECT id FROM image WHERE split < 'pool' OR split > 'pool')
    ORDER BY own.image_id"""
COLUMNS = [
    ("image", np.int64),
    ("own", np.int64),
    ("sure", np.float64),
    ("plain", np.int64),
    ("former", np.int64),
    ("was_sure", np.float64),
]


class Told(NamedTuple):
    """Of pool images a round's word, its baseline's and the one of the round before; each (n,)."""

    own: Numbers  # classes, by their ids as the round knew them
    plain: Numbers
    former: Numbers
    confident: NDArray[np.bool_]  # whether the round is as sure as of a pseudo-label
    was: NDArray[np.bool_]  # whether the round before was, by its own threshold


def count(db: Database, number: int) -> None:
    """Count what a round says. The caller holds the transaction; predictions are written."""
    told = _told(db, number)
    sure = told.confident
    guesses = _counted(told.own[sure], told.plain[sure], told.former[sure])
    rows = [(number, *row) for row in guesses]
    db.run_rows("INSERT INTO guess_count VALUES (?, ?, ?, ?, ?)", rows)
    both, twice = told.plain > NOTHING, sure & told.was
    for beside, pairs in (
        ("baseline", _counted(told.own[both], told.plain[both])),
        ("before", _counted(told.own[twice], told.former[twice])),
    ):
        named = [(number, beside, *row) for row in pairs]
        db.run_rows("INSERT INTO pair_count VALUES (?, ?, ?, ?, ?)", named)


def _told(db: Database, number: int) -> Told:
    found = np.fromiter(db.each(SAID, {"round": number}), COLUMNS)
    thresholds = db.row(
        f"""SELECT threshold,
                   (SELECT threshold FROM round WHERE id = {FORMER}) AS former
            FROM round WHERE id = :round""",
        {"round": number},
    )
    assert thresholds
    was = found["former"] > NOTHING
    if thresholds["former"] is not None:
        was &= found["was_sure"] >= thresholds["former"]
    confident = found["sure"] >= thresholds["threshold"]
    return Told(found["own"], found["plain"], found["former"], confident, was)


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
