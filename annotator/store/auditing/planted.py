"""Questions whose answer is known, which an audit asks among its own: what was said to them."""

from __future__ import annotations

import json
from collections import defaultdict

from annotator.model import Again
from annotator.model.auditing.audits import Planted, Said
from annotator.store.auditing.answers import ASKED_HERE
from annotator.store.database import Database
from annotator.store.undoing import ANSWERS
from annotator.store.views import FOREVER, stands

# Those of audit :audit, as its plan has them
OF_PLAN = """SELECT image.id AS image_id, image.sha256, told.value ->> '$.answer' AS answer,
        told.value ->> '$.how' AS how
    FROM audit CROSS JOIN json_each(audit.plan, '$.planted') AS told
    JOIN image ON image.sha256 = told.value ->> '$.id'
    WHERE audit.id = :audit ORDER BY told.key"""

# What was answered to them after the draw and before the end, of whoever saw no guess; and who put
# one off or could not tell it
GIVEN = f"""SELECT event.image_id, event.annotator, event.kind, event.class_id,
        MAX(event.received, audit_draw.at) AS at
    FROM audit_draw JOIN event ON event.id > audit_draw.watermark
    LEFT JOIN audit_end ON audit_end.audit_id = audit_draw.audit_id
    WHERE audit_draw.audit_id = :audit AND event.image_id IN (SELECT value FROM json_each(:ids))
      AND event.again <> '' AND event.source = 'human' AND NOT event.suggestion_shown
      AND {ASKED_HERE} AND event.kind IN {ANSWERS}
      AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)
      AND event.id <= COALESCE(audit_end.watermark, {FOREVER})
    ORDER BY event.pressed, event.id"""

# What the open audit has yet to ask so, and whether :who has answered it before
WAITING = f"""SELECT image.id AS image_id, EXISTS (
        SELECT 1 FROM event WHERE event.image_id = image.id AND +event.annotator = :who
          AND {stands("event")}) AS own
    FROM audit JOIN audit_draw ON audit_draw.audit_id = audit.id
    LEFT JOIN audit_end ON audit_end.audit_id = audit.id
    CROSS JOIN json_each(audit.plan, '$.planted') AS told
    JOIN image ON image.sha256 = told.value ->> '$.id'
    WHERE audit_end.audit_id IS NULL AND image.id NOT IN (SELECT image_id FROM queue)
      AND NOT EXISTS (
        SELECT 1 FROM event WHERE event.image_id = image.id AND event.id > audit_draw.watermark
          AND event.again <> '' AND event.kind IN {ANSWERS} AND NOT EXISTS (
            SELECT 1 FROM event AS taken WHERE taken.undoes = event.id))
    ORDER BY own, told.key LIMIT :n"""


def planted(db: Database, number: int) -> list[Planted]:
    """The questions of an audit whose answer is known, in the order of its plan."""
    rows = db.rows(OF_PLAN, {"audit": number})
    if not rows:
        return []
    said: dict[int, dict[str, Said]] = defaultdict(dict)
    passed = set()
    ids = json.dumps([row["image_id"] for row in rows])
    for row in db.rows(GIVEN, {"audit": number, "ids": ids}):
        if row["kind"] == "label":
            said[row["image_id"]][row["annotator"]] = Said(
                row["annotator"], row["class_id"], row["at"]
            )
        else:
            passed.add(row["image_id"])
    return [
        Planted(
            **row,
            blind=tuple(said[row["image_id"]].values()),
            passed=row["image_id"] in passed,
        )
        for row in rows
    ]


def waiting(db: Database, person: str, n: int) -> list[tuple[int, Again]]:
    """At most `n` of them that the open audit has yet to ask, first what is not a person's own."""
    values = {"who": person, "n": n, "watermark": FOREVER}
    return [
        (row["image_id"], "own" if row["own"] else "second") for row in db.rows(WAITING, values)
    ]
