"""The rows of an order as columns: each row is made when it is asked for, and never all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.model.auditing.audits import Ranked

CHUNK = 16_384  # rows that are objects at a time
# What is kept of each; a SHA-256 is 64 digits
ROW = np.dtype(
    [("image_id", np.int64), ("class_id", np.int64), ("score", np.float64), ("sha256", "S64")]
)


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Some of the rows that were read, the surest first.

    Attributes:
        table: all that were read (n,), of ROW.
        places: of those of the order (N,), by rank.
    """

    table: NDArray[np.void]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Ranked]:
        columns = (self.column("image_id"), self.hashes(), self.column("class_id"), self.decimals())
        return map(Ranked, count(), *columns)

    @property
    def image_ids(self) -> NDArray[np.int64]:
        """(N,), by rank."""
        return self.table["image_id"][self.places]

    @property
    def scores(self) -> NDArray[np.float64]:
        """(N,), falling."""
        return self.table["score"][self.places]

    def of(self, class_id: int) -> Ranks:
        """Those of one class, in the same order."""
        return Ranks(self.table, self.places[self.table["class_id"][self.places] == class_id])

    def column(self, name: str) -> Iterator[Any]:
        """What each row has there, by rank."""
        for start in range(0, len(self), CHUNK):
            yield from self.table[name][self.places[start : start + CHUNK]].tolist()

    def hashes(self) -> Iterator[str]:
        """The SHA-256 of each, by rank."""
        return (each.decode() for each in self.column("sha256"))

    def seed(self) -> int:
        """A seed that follows from the images and scores in their order, so that plans repeat."""
        sha = hashlib.sha256(self.table["sha256"][self.places].tobytes())
        sha.update(self.scores.tobytes())
        return int(sha.hexdigest()[:15], 16)

    def decimals(self) -> Iterator[str]:
        """The score of each as it is written, by rank."""
        return map(repr, self.column("score"))


def behind(parts: Sequence[Ranks]) -> Ranks:
    """One order behind the other, ranks counted through; all are of one table."""
    return Ranks(parts[0].table, np.concatenate([each.places for each in parts]))
