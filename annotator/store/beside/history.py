"""What one person has answered, the newest first, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable

from annotator.model import EventKind
from annotator.store.database import Database, Row
from annotator.store.images import PICTURE
from annotator.store.undoing import ANSWERS, TAKES
from annotator.store.views import FOREVER, SAME, outdone, stands

# The last answer of a person to each image, whatever others said of it since
OWN = f"""event.annotator = :who AND event.kind IN {ANSWERS} AND event.id <= :newest
    AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)
    AND NOT {" AND NOT ".join(outdone(kind, SAME) for kind in ANSWERS)}"""
OF_IMAGE = f"""SELECT id FROM event WHERE image_id = :image AND kind = 'label' AND annotator = :who
    UNION ALL SELECT id FROM event WHERE image_id = :image AND kind <> 'label'
        AND annotator = :who AND kind IN {ANSWERS}"""


class History:
    """Looking back over one's own answers."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def page(self, person: str, image_id: int, n: int) -> list[Row]:
        """At most `n` answers of a person, the newest first: columns of the image and the answer.

        Args:
            person: whose answers.
            image_id: the image to begin with, if they have answered it; else the newest.
            n: how many.
        """
        begin = self.db.value(
            f"SELECT MAX(id) FROM ({OF_IMAGE})", {"image": image_id, "who": person}
        )
        return self.db.rows(
            f"""SELECT event.kind, class_now.now AS class_id, event.note AS why, event.again,
                       {PICTURE}
                FROM event JOIN image ON image.id = event.image_id
                LEFT JOIN class_now ON class_now.id = event.class_id
                WHERE {OWN} ORDER BY event.id DESC LIMIT :n""",
            {"who": person, "newest": begin or FOREVER, "watermark": FOREVER, "n": n},
        )

    def last(self, image_ids: Iterable[int], person: str) -> dict[int, EventKind]:
        """What a person said of each of these images last, of what stands."""
        standing = " UNION ALL ".join(
            f"""SELECT image_id, kind, pressed, id FROM event
                WHERE image_id IN (SELECT value FROM json_each(:ids)) AND annotator = :who
                  AND {stands("event", kind)}"""
            for kind in TAKES[""]
        )
        rows = self.db.rows(
            f"SELECT image_id, kind FROM ({standing}) ORDER BY pressed, id",
            {"ids": json.dumps(list(image_ids)), "who": person, "watermark": FOREVER},
        )
        return {row["image_id"]: row["kind"] for row in rows}
