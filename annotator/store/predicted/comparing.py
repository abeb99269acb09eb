"""Counts of what rounds and their two models say of the same images; never image by image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotator.store.database import Database
from annotator.store.predicted.paired import EVERY, Against, pairs
from annotator.store.predicted.shares import unpacked

# What can be judged of the test images, and was or was not yet
JUDGED = """image_id NOT IN (SELECT image_id FROM unclear_image)
    AND image_id NOT IN (SELECT image_id FROM skipped_image)"""


class Comparing:
    """Aggregates, so that a page draws quickly whatever the size of the pool.

    CROSS JOIN: what is said of the few labeled images is looked up; else all is gone through.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def tested(self, number: int) -> list[tuple[int, NDArray[np.float64]]]:
        """Of each labeled test image its class, and the probabilities (C,) by a round's model."""
        found = self.db.pairs(
            """SELECT label.class_id, shares FROM current_label AS label
               JOIN image ON image.id = label.image_id AND image.split = 'test'
               JOIN prediction ON prediction.image_id = image.id AND model = 'ssl'
                 AND round_id = :round AND shares IS NOT NULL""",
            {"round": number},
        )
        return [(class_id, unpacked(shares)) for class_id, shares in found]

    def ratios(self, number: int) -> dict[int, tuple[int, int]]:
        """Of each class the unlabeled images that a round puts into it, and the pseudo-labels."""
        rows = self.db.rows(
            """SELECT class_now.now AS class_id, SUM(predicted) AS predicted, SUM(pseudo) AS pseudo
               FROM class_ratio JOIN class_now ON class_now.id = class_id
               WHERE round_id = :round GROUP BY class_now.now""",
            {"round": number},
        )
        return {row["class_id"]: (row["predicted"], row["pseudo"]) for row in rows}

    def precision(self, number: int, threshold: float) -> dict[int, tuple[int, int]]:
        """Of each class the labeled test images that a round is so sure of, and those right."""
        rows = self.db.rows(
            """SELECT class_now.now AS class_id, COUNT(*) AS n,
                      SUM(class_now.now = label.class_id) AS right
               FROM current_label AS label
               CROSS JOIN image ON image.id = label.image_id AND image.split = 'test'
               CROSS JOIN prediction ON prediction.image_id = image.id AND model = 'ssl'
                 AND round_id = :round AND confidence >= :threshold
               JOIN class_now ON class_now.id = prediction.class_id GROUP BY class_now.now""",
            {"round": number, "threshold": threshold},
        )
        return {row["class_id"]: (row["n"], row["right"]) for row in rows}

    def right(self, number: int) -> tuple[int, int, int, int]:
        """Labeled test images that both models predicted: all, and those that are right...

        ...by both, by the round's own model alone, and by the baseline alone.
        """
        row = self.db.row(
            """SELECT COUNT(*) AS n, COALESCE(SUM(own AND plain), 0) AS both,
                      COALESCE(SUM(own AND NOT plain), 0) AS gained,
                      COALESCE(SUM(plain AND NOT own), 0) AS lost
               FROM (SELECT COALESCE(own_now.now, own.class_id) = label.class_id AS own,
                            COALESCE(plain_now.now, plain.class_id) = label.class_id AS plain
                     FROM current_label AS label
                     CROSS JOIN image ON image.id = label.image_id AND image.split = 'test'
                     CROSS JOIN prediction AS own ON own.image_id = image.id AND own.model = 'ssl'
                       AND own.round_id = :round
                     CROSS JOIN prediction AS plain ON plain.image_id = image.id
                       AND plain.model = 'baseline' AND plain.round_id = :round
                     LEFT JOIN class_now AS own_now ON own_now.id = own.class_id
                     LEFT JOIN class_now AS plain_now ON plain_now.id = plain.class_id)""",
            {"round": number},
        )
        assert row
        return row["n"], row["both"], row["gained"], row["lost"]

    def agreeing(self, number: int) -> tuple[int, int]:
        """Unlabeled pool images that both models of a round predicted, and of how many alike."""
        found = pairs(self.db, number, EVERY, Against("baseline", number, "baseline", EVERY))
        return sum(found.values()), sum(n for (own, plain), n in found.items() if own == plain)

    def flips(
        self, number: int, threshold: float, before: int, former: float
    ) -> list[tuple[int, int, int]]:
        """Images of which two rounds are as sure as of pseudo-labels: class before, now, images.

        Args:
            number: of the later round.
            threshold: of its pseudo-labels.
            before: of the earlier round.
            former: the threshold of its pseudo-labels.
        """
        found = pairs(self.db, number, threshold, Against("before", before, "ssl", former))
        return sorted((was, own, n) for (own, was), n in found.items())

    def test_said(self, number: int) -> list[tuple[int, bool, int]]:
        """Test images by the class that a round says, and whether they are labeled: images.

        Those that nobody could judge are left out: they will not be labeled, and are no chance lot.
        """
        rows = self.db.rows(
            f"""SELECT class_now.now AS said, labeled, COUNT(*) AS n
                FROM (SELECT image_id, class_id, image_id IN
                             (SELECT image_id FROM current_label) AS labeled
                      FROM prediction WHERE model = 'ssl' AND round_id = :round
                        AND image_id IN (SELECT id FROM image WHERE split = 'test') AND {JUDGED})
                JOIN class_now ON class_now.id = class_id GROUP BY said, labeled""",
            {"round": number},
        )
        return [(row["said"], bool(row["labeled"]), row["n"]) for row in rows]
