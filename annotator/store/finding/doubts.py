"""Labels of people that may be wrong: what a round doubts and nobody has looked at since."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.model import DoubtedLabel
from annotator.store.database import Database
from annotator.store.views import AUDITED, FOREVER

# Only a label that was given blind: whoever gave it with a guess in sight has decided already. So
# has whoever turned the guess down since it was given. Of what an open audit asks about no guess
# is shown; test images are answered blind for good
BLIND = f"""NOT label.suggestion_shown
    AND EXISTS (SELECT 1 FROM image WHERE image.id = label.image_id AND image.split = 'pool')
    AND label.image_id NOT IN ({AUDITED.replace(":watermark", str(FOREVER))})
    AND NOT EXISTS (SELECT 1 FROM event AS no
                    WHERE no.image_id = label.image_id AND no.kind = 'reject'
                      AND no.pressed >= label.at
                      AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = no.id))"""

# What the learners of round :round say of labels that were kept from them, as long as the label is
# the one that they doubted; and what its model says, as surely as of a pseudo-label, of images that
# had no label when it learned
DOUBTFUL = f"""SELECT label.image_id, said.now AS class_id, doubted.confidence,
        label.class_id AS label, doubted.own
    FROM doubted JOIN current_label AS label ON label.image_id = doubted.image_id
    JOIN class_now AS said ON said.id = doubted.class_id
    JOIN class_now AS learned ON learned.id = doubted.label_id
    WHERE doubted.round_id = :round AND learned.now = label.class_id
      AND said.now <> label.class_id AND {BLIND}
    UNION ALL
    SELECT label.image_id, said.now, guess.confidence, label.class_id, 1 - guess.confidence
    FROM current_label AS label
    CROSS JOIN prediction AS guess ON guess.image_id = label.image_id AND guess.model = 'ssl'
      AND guess.round_id = :round
    JOIN class_now AS said ON said.id = guess.class_id
    WHERE guess.confidence >= :threshold AND said.now <> label.class_id AND {BLIND}
      AND NOT EXISTS (
        SELECT 1 FROM event AS earlier
        WHERE earlier.image_id = label.image_id AND earlier.kind = 'label'
          AND earlier.id <= (SELECT watermark FROM round WHERE id = :round))"""


class Doubts:
    """Each round replaces what the one before doubted."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def write(self, number: int, doubted: Iterable[DoubtedLabel]) -> None:
        """Write what a round doubts. The caller holds the transaction and its fence."""
        self.db.run("DELETE FROM doubted")
        self.db.run_many(
            "INSERT INTO doubted VALUES (:round, :image, :label, :class, :confidence, :own)",
            (
                {
                    "round": number,
                    "image": each.image_id,
                    "label": each.label_id,
                    "class": each.class_id,
                    "confidence": each.confidence,
                    "own": each.own,
                }
                for each in doubted
            ),
        )
