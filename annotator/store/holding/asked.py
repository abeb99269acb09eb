"""Which question an answer is to: the one that waits, else the one that its person had before."""

from __future__ import annotations

from annotator.model import LabelEvent
from annotator.store.database import Database, Row

UNASKED = ("data-", "import-")  # clients that are no page which asks: Data, and imports

# Who looks back and answers anew answers the same question, also on another page than the one that
# asked it: after a reload, on another machine. +: an event is found by its image, by no other index
SAME = f"""(+client = :client OR (+annotator = :who AND source = 'human'
    AND {" AND ".join(f"client NOT LIKE '{each}%'" for each in UNASKED)}))"""
ASKED = f"""SELECT reason, score, propensity FROM (
        SELECT 1 AS waits, 0 AS id, score, propensity,
               reason || COALESCE(' (' || NULLIF(detail, '') || ')', '') AS reason
            FROM queue WHERE image_id = :image
        UNION ALL SELECT 0, id, score, propensity, reason FROM event
            WHERE image_id = :image AND kind = 'label' AND {SAME}
        UNION ALL SELECT 0, id, score, propensity, reason FROM event
            WHERE image_id = :image AND kind <> 'label' AND {SAME})
    ORDER BY waits DESC, id DESC LIMIT 1"""


def asked(db: Database, event: LabelEvent, annotator: str) -> Row | None:
    """Why the image of an event was asked, with score and propensity; None if it was not.

    A check of a guess answers no question, though its image may wait in the queue.
    """
    if event.source == "verified":
        return None
    own = event.source == "human" and not event.client.startswith(UNASKED)
    who = annotator if own else None
    return db.row(ASKED, {"image": event.image_id, "client": event.client, "who": who})
