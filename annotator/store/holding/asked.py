"""Which question an answer is to: the one that waits, else the one that its person had before."""

from __future__ import annotations

from annotator.model import Again, LabelEvent
from annotator.store.database import Database, Row
from annotator.store.queue import RANDOM
from annotator.store.undoing import ANSWERS
from annotator.store.views import FOREVER, stands

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


# An answer before it without which an image was not asked once more
BEFORE = {
    "second": "+event.annotator <> :who",
    "own": "+event.annotator = :who AND event.again <> 'own'",
}


def once_more(db: Database, event: LabelEvent, annotator: str) -> Again:
    """As what this event answers an image that has an answer; empty if that was taken back since.

    The page says what its question was: its lease may be gone, and the answer must all the same
    never take the place of the one that was there.
    """
    if not event.again or event.kind not in ANSWERS or event.source != "human":
        return ""
    stood = db.value(
        f"""SELECT 1 FROM event WHERE image_id = :image AND {BEFORE[event.again]}
            AND source <> 'imported' AND {stands("event")}""",
        {"image": event.image_id, "who": annotator, "watermark": FOREVER},
    )
    return event.again if stood else ""


def asked(db: Database, event: LabelEvent, annotator: str, again: Again = "") -> Row | None:
    """Why the image of an event was asked, with score and propensity; None if it was not.

    A check of a guess, or of what people said, answers no question, though its image may wait in
    the queue.
    """
    if again:
        return {"reason": RANDOM, "score": None, "propensity": None}
    if event.source in ("verified", "adjudicated"):
        return None
    own = event.source == "human" and not event.client.startswith(UNASKED)
    who = annotator if own else None
    return db.row(ASKED, {"image": event.image_id, "client": event.client, "who": who})
