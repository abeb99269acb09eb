"""What a round says of pool images, beside its baseline and the round before it, as columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.store.database import Database, Numbers
from annotator.store.finding.counting import FORMER

NOTHING = 0  # the class of what says nothing of an image

SAID = f"""SELECT own.image_id, own.class_id, own.confidence, COALESCE(own.distance, 0),
        COALESCE(plain.class_id, {NOTHING}), COALESCE(plain.confidence, 0),
        COALESCE(former.class_id, {NOTHING}), COALESCE(former.confidence, 0)
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
    ("distance", np.float64),
    ("plain", np.int64),
    ("plain_sure", np.float64),
    ("former", np.int64),
    ("former_sure", np.float64),
]


class Told(NamedTuple):
    """Of pool images what a round, its baseline and the round before it say; each (n,)."""

    image: Numbers  # ids, ascending
    own: Numbers  # classes, by their ids as the round knew them
    plain: Numbers
    former: Numbers
    sure: NDArray[np.float64]  # how confident each is
    plain_sure: NDArray[np.float64]
    former_sure: NDArray[np.float64]
    distance: NDArray[np.float64]  # from the nearest labeled image, where it was worked out
    confident: NDArray[np.bool_]  # whether the round is as sure as of a pseudo-label
    was: NDArray[np.bool_]  # whether the round before was, by its own threshold


def told(db: Database, number: int) -> Told:
    """All that a round says of the pool."""
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
        was &= found["former_sure"] >= thresholds["former"]
    columns = {name: found[name] for name, _ in COLUMNS}
    return Told(**columns, confident=found["sure"] >= thresholds["threshold"], was=was)
