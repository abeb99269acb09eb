"""Looking for images: by name, class, person, source, split, and what became of them."""

from __future__ import annotations

import json
from typing import Any

from annotator.model import NO_MARKS, Found, FoundState, Label, Sought
from annotator.store.beside import Beside
from annotator.store.database import Database
from annotator.store.finding.opinions import TWICE, Opinions, disagreement
from annotator.store.images import COLUMNS, picture
from annotator.store.views import AUDITED, FOREVER

LABELED = """id IN (SELECT image_id FROM current_label
                    WHERE (:class IS NULL OR class_id = :class)
                      AND (:who IS NULL OR annotator = :who)
                      AND (:source IS NULL OR source = :source))"""
UNLABELED = "id NOT IN (SELECT image_id FROM current_label)"
HOLDS = "LIKE '%' || :name || '%' ESCAPE '\\'"
SAID: dict[
    FoundState, str
] = {  # what is said of an image beside its label -> where that stands, with who said it
    "skipped": "skipped_image",
    "unclear": "unclear_image",
    "flagged": "flag_now",
    "noted": "note_now",
}
# What the model of the newest round says
NEWEST = """prediction.model = 'ssl' AND prediction.round_id =
    (SELECT MAX(round.id) FROM round WHERE round.finished IS NOT NULL)"""
# Of what an open audit asks about no guess is shown: it is answered blind
AGAINST = f"""id IN (SELECT label.image_id FROM current_label AS label
    JOIN prediction ON prediction.image_id = label.image_id AND {NEWEST}
    LEFT JOIN class_now ON class_now.id = prediction.class_id
    WHERE COALESCE(class_now.now, prediction.class_id) <> label.class_id
      AND label.image_id NOT IN ({AUDITED.replace(":watermark", str(FOREVER))}))"""
STATES: dict[FoundState, str] = {
    "all": "1",
    "labeled": LABELED,
    "unlabeled": UNLABELED,
    "disagreement": f"id IN ({disagreement(TWICE)})",
    "against": AGAINST,
}
STATES |= {
    state: f"id IN (SELECT image_id FROM {view} WHERE :who IS NULL OR annotator = :who)"
    for state, view in SAID.items()
}


class Search:
    """Pages of images; never the whole pool at once."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.opinions = Opinions(db)
        self.beside = Beside(db)

    def page(self, sought: Sought, offset: int, limit: int) -> list[Found]:
        """At most `limit` of the images that are sought, by id, after the first `offset`."""
        where, values = _conditions(sought)
        rows = self.db.rows(
            f"SELECT {COLUMNS} FROM image WHERE {where} ORDER BY id LIMIT :n OFFSET :skip",
            values | {"n": limit, "skip": offset},
        )
        images = [picture(row) for row in rows]
        ids = [each.id for each in images]
        labels = self._labels(ids)
        said = self.opinions.of(ids)
        apart = self.opinions.disagreements(ids)
        guesses = self._guesses(ids) if sought.state == "against" else {}
        skipped, unclear = self.beside.skipped(ids), self.beside.unclear(ids)
        marks = self.beside.marks(ids)
        return [
            Found(
                each,
                labels.get(each.id),
                said.get(each.id, ()),
                each.id in apart,
                skipped.get(each.id, ""),
                unclear.get(each.id),
                marks.get(each.id, NO_MARKS),
                guesses.get(each.id),
            )
            for each in images
        ]

    def count(self, sought: Sought) -> int:
        """How many images are as they are sought."""
        where, values = _conditions(sought)
        return int(self.db.value(f"SELECT COUNT(*) FROM image WHERE {where}", values))

    def _guesses(self, ids: list[int]) -> dict[int, tuple[int, float]]:
        rows = self.db.rows(
            f"""SELECT image_id, COALESCE(class_now.now, class_id) AS class_id, confidence
                FROM prediction LEFT JOIN class_now ON class_now.id = prediction.class_id
                WHERE {NEWEST} AND image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(ids)},
        )
        return {row["image_id"]: (row["class_id"], row["confidence"]) for row in rows}

    def _labels(self, ids: list[int]) -> dict[int, Label]:
        rows = self.db.rows(
            """SELECT * FROM current_label
               WHERE image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(ids)},
        )
        return {row["image_id"]: Label(**row) for row in rows}


def _conditions(sought: Sought) -> tuple[str, dict[str, Any]]:
    """What an image must be, and the values in it."""
    conditions = [STATES[sought.state]]
    by_label = sought.class_id is not None or sought.source is not None
    if by_label or (sought.annotator and sought.state not in SAID):
        conditions.append(LABELED)
    if sought.name:
        conditions.append(
            f"name {HOLDS} OR text {HOLDS} OR id IN (SELECT image_id FROM page WHERE text {HOLDS})"
        )
    if sought.split:
        conditions.append("split = :split")
    name = sought.name
    for sign in "\\%_":
        name = name.replace(sign, f"\\{sign}")
    return " AND ".join(f"({each})" for each in conditions), {
        "name": name,
        "class": sought.class_id,
        "who": sought.annotator or None,
        "source": sought.source,
        "split": sought.split,
        "watermark": FOREVER,
    }
