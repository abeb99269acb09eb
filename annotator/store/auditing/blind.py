"""Where a model's guess must not have been in sight: what measures, and what an audit asks."""

from __future__ import annotations

from annotator.model import LabelEvent, Split
from annotator.store.database import Database
from annotator.store.views import AUDITED, FOREVER

OF_A_CLASS = ("label", "reject")  # kinds of events that name one


def seen(db: Database, event: LabelEvent, split: Split) -> str | None:
    """Why this answer must not be written, for which a guess was in sight; None if it may be.

    An answer to a question about an audit's image is taken: its page may have had the guess since
    before the draw. It is no evidence then.
    """
    names, checks = event.kind in OF_A_CLASS, event.source == "verified"
    if split != "pool" and (checks or (names and event.suggestion_shown)):
        return (
            f"image {event.image_id} measures the model: it is answered without its guess in "
            "sight, so not where images are listed for what the model says"
        )
    checks = checks or (event.suggestion_shown and event.source != "human")
    values = {"image": event.image_id, "watermark": FOREVER}
    if names and checks and db.value(f"SELECT 1 WHERE :image IN ({AUDITED})", values):
        return (
            f"image {event.image_id} is asked by the open audit, without the model's guess: "
            "answer it on Label, or once the audit has ended"
        )
    return None
