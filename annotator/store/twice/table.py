"""Which images may be asked once more, of whom: drawn by their hash alone, kept beside the log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from annotator.model import Again, Settings
from annotator.store.database import Database
from annotator.store.holding.again import let_go
from annotator.store.undoing import ANSWERS
from annotator.store.views import AUDITED, FOREVER, stands

LATER = 50  # answers of a person between an image and its return

# Digits of a hash that no split and no order is made of, those of the two kinds unlike each other
DRAWN = {
    "second": "substr(image.sha256, 17, 8) < :second",
    "own": "substr(image.sha256, 33, 8) < :own",
}

# An answer to a question, not one that was given where all is in sight
ASKED = f"""event.source = 'human' AND event.client NOT LIKE 'data-%' AND {stands("event")}"""

# That it came back. +: an event is found by its image, by no other index
RETURNED = """SELECT 1 FROM event AS back WHERE back.kind {kind} AND back.image_id = event.image_id
    AND +back.annotator = event.annotator AND back.again = 'own'"""
# Images that fewer have answered than are asked, and each person's answers that have not come back
SECOND = f"""SELECT 'second', MIN(event.annotator), MIN(event.id), event.image_id
    FROM event CROSS JOIN image ON image.id = event.image_id
    WHERE {ASKED} AND {DRAWN["second"]} AND {{among}}
    GROUP BY event.image_id HAVING COUNT(DISTINCT event.annotator) < :opinions"""
OWN = f"""SELECT 'own', event.annotator, MAX(event.id), event.image_id
    FROM event CROSS JOIN image ON image.id = event.image_id
    WHERE {ASKED} AND {DRAWN["own"]} AND {{among}}
      AND NOT EXISTS ({RETURNED.format(kind="= 'label'")})
      AND NOT EXISTS ({RETURNED.format(kind="<> 'label'")})
    GROUP BY event.image_id, event.annotator"""

# A person's own word on an image, of a kind that is an answer
SPOKEN = " UNION ALL ".join(
    f"""SELECT 1 FROM event WHERE event.image_id = ask_twice.image_id
        AND +event.annotator = :who AND {stands("event", kind)}"""
    for kind in ANSWERS
)
MARKED = """SELECT 1 FROM event WHERE event.image_id = ask_twice.image_id AND kind <> 'label'
    AND +event.annotator = :who AND kind IN ('flag', 'note')"""
# Nobody is asked what an open audit asks about, or what has been settled; nor what waits already
ASKABLE = f"""image_id NOT IN ({AUDITED})
    AND EXISTS (SELECT 1 FROM current_label WHERE current_label.image_id = ask_twice.image_id
                AND source = 'human')
    AND NOT EXISTS (SELECT 1 FROM unclear_image AS unclear
                    WHERE unclear.image_id = ask_twice.image_id)"""
OPEN = f"image_id NOT IN (SELECT image_id FROM queue) AND {ASKABLE}"
# Somebody else's answer, and this person has said nothing
OTHERS = f"""SELECT image_id, kind FROM ask_twice
    WHERE kind = 'second' AND person <> :who AND NOT EXISTS ({SPOKEN}) AND {OPEN}
    ORDER BY person, event_id LIMIT :n"""
# One's own, of long ago; what one has flagged or noted would be known again
BACK = f"""SELECT image_id, kind FROM ask_twice
    WHERE kind = 'own' AND person = :who AND event_id <= (
        SELECT id FROM event WHERE annotator = :who AND +kind = 'label'
        ORDER BY id DESC LIMIT 1 OFFSET {LATER})
      AND NOT EXISTS ({MARKED}) AND {OPEN}
    ORDER BY event_id LIMIT :n"""


class AskTwice:
    """What may be asked once more."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def refresh(self, image_ids: Iterable[int], settings: Settings) -> None:
        """Work out anew which of these images may be asked once more, after something was said."""
        if not wanted(settings):
            return
        limits = _limits(settings)  # may fail: nothing is written before it
        ids: dict[str, str | int] = {"ids": json.dumps(list(image_ids))}
        among = "event.image_id IN (SELECT value FROM json_each(:ids))"
        with self.db.immediate():
            self.db.run(
                "DELETE FROM ask_twice WHERE image_id IN (SELECT value FROM json_each(:ids))", ids
            )
            self._fill(among, ids | limits)

    def rebuild(self, settings: Settings) -> None:
        """Likewise of all images: the shares have changed, and hold for what was answered too."""
        with self.db.immediate():
            self.db.run("DELETE FROM ask_twice")
            if wanted(settings):
                self._fill("1", _limits(settings))

    def _fill(self, among: str, values: dict[str, str | int]) -> None:
        for query in (SECOND, OWN):
            self.db.run(
                f"INSERT INTO ask_twice (kind, person, event_id, image_id) "
                f"{query.format(among=among)}",
                values | {"watermark": FOREVER},
            )

    def waiting(self) -> int:
        """How many images wait for another person's answer; what is settled waits for none."""
        query = f"SELECT COUNT(*) FROM ask_twice WHERE kind = 'second' AND {ASKABLE}"
        return int(self.db.value(query, {"watermark": FOREVER}))

    def awaited(self, among: Iterable[int]) -> set[int]:
        """Those of these images about which another person is still to be asked."""
        rows = self.db.rows(
            f"""SELECT image_id FROM ask_twice WHERE kind = 'second' AND {ASKABLE}
                AND image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(among)), "watermark": FOREVER},
        )
        return {row["image_id"] for row in rows}

    def open_to(self, person: str, n: int, settings: Settings) -> list[tuple[int, Again]]:
        """At most `n` images, and as what they come, that this person may be asked once more.

        What no living page holds any more may be asked again.
        """
        let_go(self.db, time.time())
        found: list[tuple[int, Again]] = []
        for share, query in ((settings.repeats, BACK), (settings.second_opinions, OTHERS)):
            if share and len(found) < n:
                values = {"who": person, "n": n - len(found), "watermark": FOREVER}
                rows = self.db.rows(query, values)
                taken = {image_id for image_id, _ in found}
                found += [
                    (row["image_id"], row["kind"]) for row in rows if row["image_id"] not in taken
                ]
        return found


def wanted(settings: Settings) -> bool:
    """Whether anything is asked once more at all."""
    return bool(settings.second_opinions or settings.repeats)


def _limits(settings: Settings) -> dict[str, str | int]:
    """How many are asked, and the digits below which an image is drawn; "g" is above all."""
    shares = {"second": settings.second_opinions, "own": settings.repeats}
    drawn = {
        kind: f"{int(share * 2**32):08x}" if share < 1 else "g" for kind, share in shares.items()
    }
    return drawn | {"opinions": int(settings.opinions)}
