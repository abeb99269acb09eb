"""What a round says of every image, written and read as columns: without an object for each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.model import Model, Prediction
from annotator.store.database import Database
from annotator.store.predicted.shares import CHUNK, packed

Ids = NDArray[np.int64]
Row = tuple[Any, ...]  # as the table has its columns, from the image on


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """Row i of each column is of one image; as a sequence it gives `Prediction`s."""

    image_ids: Ids  # (n,)
    class_ids: Ids  # (n,) of the likeliest class
    confidence: NDArray[np.float64]  # (n,) largest probability
    entropy: NDArray[np.float64]  # (n,) nats
    probabilities: NDArray[np.floating[Any]] | None  # (n, C); None: nobody asks for them
    distance: NDArray[np.float64]  # (n,) to the nearest labeled image; infinite: not known

    def __len__(self) -> int:
        return len(self.image_ids)

    def __iter__(self) -> Iterator[Prediction]:
        return (Prediction(*row) for row in self.rows())

    def rows(self) -> Iterator[Row]:
        """What is stored of each, some at a time."""
        for start in range(0, len(self), CHUNK):
            part = slice(start, start + CHUNK)
            far = self.distance[part].tolist()
            yield from zip(
                self.image_ids[part].tolist(),
                self.class_ids[part].tolist(),
                self.confidence[part].tolist(),
                self.entropy[part].tolist(),
                self._shares(part),
                (each if math.isfinite(each) else None for each in far),
                strict=True,
            )

    def _shares(self, part: slice) -> Iterable[bytes | None]:
        if self.probabilities is None:
            return repeat(None, len(self.image_ids[part]))
        return packed(self.probabilities[part])


def write(db: Database, number: int, model: Model, found: Iterable[Prediction]) -> None:
    """Store what a model of a round says. The caller holds the transaction."""
    rows = found.rows() if isinstance(found, Predicted) else map(_row, found)
    db.insert("prediction", ((number, model, *row) for row in rows))


def _row(each: Prediction) -> Row:
    return (
        each.image_id,
        each.class_id,
        each.confidence,
        each.entropy,
        each.shares,
        each.distance,
    )


def said(db: Database, number: int) -> tuple[Ids, Ids]:
    """The pool images of which a round's model says something, rising, and the class of each.

    Both are (n,); a class that was merged since counts as what it was merged into.
    """
    rows = db.each(
        """SELECT image_id, COALESCE(class_now.now, class_id)
           FROM prediction LEFT JOIN class_now ON class_now.id = class_id
           WHERE round_id = :id AND model = 'ssl'
             AND image_id IN (SELECT id FROM image WHERE split = 'pool')
           ORDER BY image_id""",
        {"id": number},
    )
    both = np.fromiter((each for row in rows for each in row), np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
