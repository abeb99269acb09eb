"""What a round has to know of every image before it begins."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from annotator.model.columns.texts import Texts
from annotator.store.database import Database


@dataclass(slots=True)
class Pool:
    """Row i is the same image in each column; the ids rise."""

    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    measures: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    hashes: Texts = field(default_factory=Texts)  # SHA-256 of each
    stored: Texts = field(default_factory=Texts)  # path of each below the workspace


def pool(db: Database, newest: int) -> Pool:
    """Every image with an id up to `newest`."""
    found, ids, measured = Pool(), array("q"), bytearray()
    for image_id, measures, sha256, stored in db.each(
        """SELECT id, split <> 'pool', sha256, stored FROM image
           WHERE id <= :newest ORDER BY id""",
        {"newest": newest},
    ):
        ids.append(image_id)
        measured.append(measures)
        found.hashes.append(sha256)
        found.stored.append(stored)
    found.ids = np.array(ids, np.int64)
    found.measures = np.fromiter(measured, np.bool_)
    return found
