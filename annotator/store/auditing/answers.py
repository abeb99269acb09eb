"""What was said of audited images after the seed was drawn: blind, at a second look, or nothing."""

from __future__ import annotations

from collections import defaultdict

from annotator.model.auditing.audits import Said
from annotator.store.database import Database
from annotator.store.views import FOREVER, stands

# What an import brings was not asked here, whoever gave it elsewhere; its client is named so
ASKED_HERE = "event.client NOT LIKE 'import-%'"

# What stands of all that was given to the rows of audit :audit after its draw and before its end.
# A time is that of the arrival: clocks of browsers are their own, and the log says what came first.
GIVEN = f"""SELECT event.image_id, event.annotator, event.class_id, event.source, event.reason,
        event.suggestion_shown, MAX(event.received, audit_draw.at) AS at
    FROM audit_draw JOIN audit_row ON audit_row.audit_id = audit_draw.audit_id
    JOIN event ON event.image_id = audit_row.image_id AND event.id > audit_draw.watermark
    LEFT JOIN audit_end ON audit_end.audit_id = audit_draw.audit_id
    WHERE audit_draw.audit_id = :audit AND {stands("event")} AND {ASKED_HERE}
      AND event.id <= COALESCE(audit_end.watermark, {FOREVER})
    ORDER BY event.pressed, event.id"""

PASSED = f"""SELECT DISTINCT event.image_id
    FROM audit_draw JOIN audit_row ON audit_row.audit_id = audit_draw.audit_id
    JOIN event ON event.image_id = audit_row.image_id AND event.id > audit_draw.watermark
    WHERE audit_draw.audit_id = :audit AND event.kind IN ('skip', 'unclear')
      AND {ASKED_HERE}
      AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)"""

Answers = dict[int, list[Said]]  # by image


def said(db: Database, number: int) -> tuple[Answers, Answers, set[int]]:
    """The blind answers by image, the second looks, and the images that were passed over.

    Blind is what was given to a question, by a person who saw no guess; of each person the last.
    What came with an import or was answered anew elsewhere is neither, nor is a second look one
    that saw a guess.
    """
    parameters = {"audit": number, "watermark": FOREVER}
    blind: dict[int, dict[str, Said]] = defaultdict(dict)
    second: Answers = defaultdict(list)
    for row in db.rows(GIVEN, parameters):
        answer = Said(row["annotator"], row["class_id"], row["at"])
        if row["source"] == "adjudicated":
            if not row["suggestion_shown"]:
                second[row["image_id"]].append(answer)
        elif row["source"] == "human" and row["reason"] and not row["suggestion_shown"]:
            blind[row["image_id"]].pop(answer.by, None)  # the last one is last
            blind[row["image_id"]][answer.by] = answer
    passed = {row["image_id"] for row in db.rows(PASSED, {"audit": number})}
    return {image: list(each.values()) for image, each in blind.items()}, second, passed
