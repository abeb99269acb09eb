"""Questions that are asked once more: among the others of a page, and there while it holds them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model import Again
from annotator.store.database import Database
from annotator.store.holding.held import HELD, SILENCE_SECONDS
from annotator.store.queue import RANDOM

FILL = 4  # of them that a page holds where little else is left
ORDER = "position, again, image_id"  # of what a page holds


def let_go(db: Database, now: float) -> None:
    """Take out what no living page holds: nobody else may be asked that."""
    db.run(f"DELETE FROM queue WHERE again <> '' AND NOT ({HELD})", {"now": now})


def renew(db: Database, holder: str, now: float) -> list[int]:
    """The images that a page holds so, held anew."""
    rows = db.rows(
        f"""UPDATE queue SET until = :until WHERE again <> '' AND holder = :who AND {HELD}
            RETURNING image_id""",
        {"who": holder, "now": now, "until": now + SILENCE_SECONDS},
    )
    return [row["image_id"] for row in rows]


def weave(
    db: Database,
    holder: str,
    found: Sequence[tuple[int, Again]],
    fresh: Sequence[int],
    now: float,
) -> None:
    """Put them evenly between the positions of what the page has just been given, or at its end.

    They give the reason that test and random images give: nobody can tell which ones come again.
    """
    if not fresh:
        last = db.value("SELECT MAX(position) FROM queue WHERE holder = :who", {"who": holder})
        fresh = [int(last or 0)]
    db.run_many(
        """INSERT INTO queue (image_id, position, reason, drawn, again, holder, until)
           VALUES (:id, :position, :reason, 1, :again, :who, :until)""",
        [
            {
                "id": image_id,
                "position": fresh[min(len(fresh) * place // (len(found) + 1), len(fresh) - 1)],
                "reason": RANDOM,
                "again": kind,
                "who": holder,
                "until": now + SILENCE_SECONDS,
            }
            for place, (image_id, kind) in enumerate(found, 1)
        ],
    )
