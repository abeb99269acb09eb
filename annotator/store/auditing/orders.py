"""Frozen orders: written at once, then read row by row, or asked for what a few rows say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from annotator.model.auditing.audits import Looked, Ranked
from annotator.model.columns.ranks import ROW, Ranks
from annotator.store.database import BIGGEST, Database
from annotator.store.views import PSEUDO_LABELS

# CROSS JOIN: from what is said to its image, one behind the other as both are stored
SAID = f"""SELECT said.image_id, said.class_id, said.confidence, image.sha256
    FROM ({PSEUDO_LABELS}) AS said CROSS JOIN image ON image.id = said.image_id"""

# The label that a row's image has now, if any
LOOKED = """SELECT rank, image_id, image.sha256, audit_order.class_id, (
        SELECT class_id FROM current_label
        WHERE current_label.image_id = audit_order.image_id AND image.split = 'pool') AS label
    FROM audit_order JOIN image ON image.id = image_id WHERE audit_id = :audit"""


class Orders:
    """The order of each audit, by its number; a rank counts from 0."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def pseudo_labels(self, round_number: int, threshold: float = 0.0) -> Ranks:
        """All pseudo-labels of a round from a confidence on, in no order yet."""
        rows = self.db.each(SAID, {"round": round_number, "threshold": threshold})
        table = np.fromiter(rows, ROW)
        return Ranks(table, np.arange(len(table)))

    def write(self, number: int, rows: Iterable[tuple[int, int, int, str]]) -> None:
        """Freeze an order: rank, image, class and score of each row."""
        self.db.insert(
            "audit_order (audit_id, rank, image_id, class_id, score)",
            ((number, *row) for row in rows),
        )

    def repeat(self, number: int, of: int) -> None:
        """Freeze the order of an earlier audit once more."""
        self.db.run(
            """INSERT INTO audit_order (audit_id, rank, image_id, class_id, score)
               SELECT :audit, rank, image_id, class_id, score FROM audit_order
               WHERE audit_id = :earlier ORDER BY rank""",
            {"audit": number, "earlier": of},
        )

    def count(self, number: int) -> int:
        """How many rows there are."""
        query = "SELECT COALESCE(MAX(rank) + 1, 0) FROM audit_order WHERE audit_id = :audit"
        return int(self.db.value(query, {"audit": number}))

    def rows(self, number: int, start: int = 0, stop: int = BIGGEST) -> Iterator[Ranked]:
        """The rows from one rank up to, and without, another."""
        rows = self.db.each(
            """SELECT rank, image_id, sha256, class_id, score FROM audit_order
               JOIN image ON image.id = image_id
               WHERE audit_id = :audit AND rank >= :start AND rank < :stop ORDER BY rank""",
            {"audit": number, "start": start, "stop": stop},
        )
        return (Ranked(*row) for row in rows)

    def score(self, number: int, rank: int) -> str:
        """The decimal that a row was ordered by."""
        query = "SELECT score FROM audit_order WHERE audit_id = :audit AND rank = :rank"
        return str(self.db.value(query, {"audit": number, "rank": rank}))

    def classes(self, number: int) -> set[int]:
        """The classes that pseudo-labels are of."""
        query = "SELECT DISTINCT class_id FROM audit_order WHERE audit_id = :audit"
        return set(self.db.numbers(query, {"audit": number}).tolist())

    def labeled(self, number: int) -> list[Looked]:
        """The rows whose image of the pool has a label now, by rank."""
        rows = self.db.each(
            f"""{LOOKED} AND image.split = 'pool'
                AND image_id IN (SELECT image_id FROM current_label) ORDER BY rank""",
            {"audit": number},
        )
        return [Looked(*row) for row in rows]

    def looked(self, number: int, ranks: Sequence[int]) -> list[Looked]:
        """Rows of these ranks, by rank, with the labels that they have now."""
        rows = self.db.each(
            f"{LOOKED} AND rank IN (SELECT value FROM json_each(:ranks)) ORDER BY rank",
            {"audit": number, "ranks": json.dumps(ranks)},
        )
        return [Looked(*row) for row in rows]

    def told(self, number: int) -> Iterator[tuple[str, str, int, str, int]]:
        """SHA-256, split, rank, score and class of each row, by rank."""
        return self._each(
            """SELECT sha256, split, rank, score, class_id FROM audit_order
               JOIN image ON image.id = image_id WHERE audit_id = :audit ORDER BY rank""",
            {"audit": number},
        )

    def others(self, number: int, newest: int) -> Iterator[tuple[str, str]]:
        """SHA-256 and split of each image up to the newest that is not in the order, by id."""
        return self._each(
            """SELECT sha256, split FROM image WHERE id <= :newest AND id NOT IN (
                   SELECT image_id FROM audit_order WHERE audit_id = :audit) ORDER BY id""",
            {"audit": number, "newest": newest},
        )

    def splits(self, newest: int) -> Iterator[tuple[str, str]]:
        """SHA-256 and split of each image up to the newest, by SHA-256."""
        return self._each(
            # Sorted, as by the index of SHA-256 each split would be looked for at another place
            "SELECT sha256, split FROM image WHERE id <= :newest ORDER BY +sha256",
            {"newest": newest},
        )

    def _each(self, query: str, values: dict[str, int]) -> Iterator[Any]:
        return self.db.each(query, values)
