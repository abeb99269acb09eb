"""What the test labels of its time said of each round: what comes later belongs to the next."""

from __future__ import annotations

from annotator.model import Look
from annotator.store.database import Database


class Looks:
    """How right each round was on the test labels that it met."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def all(self) -> list[Look]:
        """Of every finished round, oldest first.

        A test image counts from its first answer on, by when that arrived, and with the answer
        that it has now: a mistake that was mended since is none.
        """
        counted = self.db.rows(
            """SELECT round.id AS round, COUNT(*) AS n,
                      SUM(COALESCE(class_now.now, prediction.class_id) = current_label.class_id)
                      AS right
               FROM current_label
               JOIN (SELECT image_id, MIN(received) AS at FROM event
                     JOIN image ON image.id = image_id AND image.split = 'test'
                     WHERE kind = 'label' GROUP BY image_id)
                    AS first ON first.image_id = current_label.image_id
               CROSS JOIN round ON first.at <= round.finished
               CROSS JOIN prediction ON prediction.round_id = round.id
                 AND prediction.model = 'ssl' AND prediction.image_id = first.image_id
               LEFT JOIN class_now ON class_now.id = prediction.class_id
               GROUP BY round.id"""
        )
        found = {row["round"]: Look(**row) for row in counted}
        rounds = self.db.rows("SELECT id FROM round WHERE finished IS NOT NULL ORDER BY id")
        return [found.get(row["id"], Look(row["id"], 0, 0)) for row in rounds]
