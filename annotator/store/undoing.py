"""What an undo takes back: the last that its person said of the image, of a kind that it names."""

from __future__ import annotations

from annotator.model import LabelEvent
from annotator.store.database import Database
from annotator.store.views import FOREVER, stands

ANSWERS = ("label", "skip", "unclear")  # what an image can be answered with
TAKES = {
    "": (*ANSWERS, "reject", "flag", "note"),
    "answer": ANSWERS,
    "flag": ("flag",),
    "note": ("note",),
}


def last_of(db: Database, event: LabelEvent, annotator: str) -> int | None:
    """The id of what an undo of this annotator takes back; None if nothing of it stands.

    What the same page gave comes first: it is what was in sight.
    """
    standing = " UNION ALL ".join(
        f"""SELECT id, client, pressed FROM event
            WHERE image_id = :image AND annotator = :who AND {stands("event", kind)}"""
        for kind in TAKES[event.takes]
    )
    found = db.value(
        f"SELECT id FROM ({standing}) ORDER BY client = :client DESC, pressed DESC, id DESC",
        {
            "image": event.image_id,
            "who": annotator,
            "client": event.client,
            "watermark": FOREVER,
        },
    )
    return int(found) if found is not None else None
