"""Pseudo-labels to look through: by how sure they are, or where models do not say the same."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from annotator.model import Guess, GuessesAmong, SoughtGuesses
from annotator.store.database import Database
from annotator.store.images import PICTURE, picture
from annotator.store.views import AUDITED, FOREVER, PSEUDO_LABELS, REJECTED

# Beside what a round says: what its baseline says, and what the round before it said. Of what an
# open audit asks about no guess is shown: it is answered blind
FOUND = f"""FROM ({PSEUDO_LABELS}) AS guess JOIN image ON image.id = guess.image_id
    LEFT JOIN prediction AS plain ON plain.round_id = :round AND plain.model = 'baseline'
        AND plain.image_id = guess.image_id
    LEFT JOIN class_now AS plain_now ON plain_now.id = plain.class_id
    LEFT JOIN prediction AS former ON former.model = 'ssl' AND former.image_id = guess.image_id
        AND former.round_id = (SELECT MAX(id) FROM round
                               WHERE id < :round AND finished IS NOT NULL)
    LEFT JOIN class_now AS former_now ON former_now.id = former.class_id
    WHERE (:class IS NULL OR guess.class_id = :class)
      AND guess.image_id NOT IN ({AUDITED.replace(":watermark", str(FOREVER))})"""
AMONG: dict[GuessesAmong, str] = {
    "all": "1",
    "models": "plain_now.now <> guess.class_id",
    "rounds": "former_now.now <> guess.class_id",
}
ORDER = {  # the next card's condition, and the direction
    "uncertain": ("(guess.confidence, guess.image_id) > (:last, :last_id)", "ASC"),
    "confidence": ("(-guess.confidence, guess.image_id) > (-:last, :last_id)", "DESC"),
}


class GuessPages:
    """Confident predictions of unlabeled pool images; never all of them at once."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def page(
        self,
        number: int,
        threshold: float,
        sought: SoughtGuesses,
        after: tuple[float, int] | None,
        limit: int,
        within: Collection[int] | None = None,
    ) -> list[Guess]:
        """At most `limit` of a round's, those that follow a confidence and image of `after`.

        With `within` only those of these images.
        """
        further, way = ORDER[sought.order]
        rows = self.db.rows(
            f"""SELECT {PICTURE}, guess.class_id, guess.confidence,
                       plain_now.now AS baseline, former_now.now AS before
                {FOUND} AND ({AMONG[sought.among]}) AND (:last IS NULL OR {further})
                  AND (:within IS NULL
                       OR guess.image_id IN (SELECT value FROM json_each(:within)))
                ORDER BY guess.confidence {way}, guess.image_id LIMIT :n""",
            _values(number, threshold, sought)
            | {"last": after and after[0], "last_id": after and after[1], "n": limit}
            | {"within": None if within is None else json.dumps(sorted(within))},
        )
        return [
            Guess(
                image=picture(row),
                class_id=row["class_id"],
                confidence=row["confidence"],
                baseline=row["baseline"],
                before=row["before"],
            )
            for row in rows
        ]

    def count(self, number: int, threshold: float, sought: SoughtGuesses) -> int:
        """How many there are."""
        return int(
            self.db.value(
                f"SELECT COUNT(*) {FOUND} AND ({AMONG[sought.among]})",
                _values(number, threshold, sought),
            )
        )

    def decided(self) -> tuple[int, int]:
        """How many guesses were checked and labeled, and how many were turned down and stand so."""
        checked = self.db.value("SELECT COUNT(*) FROM current_label WHERE source = 'verified'")
        turned_down = self.db.value(
            f"""SELECT COUNT(DISTINCT image_id) FROM ({REJECTED})
                WHERE image_id NOT IN (SELECT image_id FROM current_label)"""
        )
        return int(checked), int(turned_down)


def _values(number: int, threshold: float, sought: SoughtGuesses) -> dict[str, Any]:
    return {"round": number, "threshold": threshold, "class": sought.class_id}
