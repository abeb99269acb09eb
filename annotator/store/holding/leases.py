"""Leases: an image is held by one open page, for as long as the page is heard of.

A page says every few seconds that it lives, and what it has on the screen. It has a dozen images
ahead; where fewer are left than that, all open pages have their share of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence

from annotator.model import Again, Beat, Question
from annotator.store.database import Database, Row
from annotator.store.holding.again import FILL, ORDER, renew, weave
from annotator.store.holding.held import AHEAD, HELD, LIVES, SILENCE_SECONDS
from annotator.store.images import PICTURE, picture


class Leases:
    """Who is shown which image next. An image is held by one browser tab at a time."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def lease(
        self,
        holder: str,
        annotator: str,
        n: int,
        turn: float = 0,
        again: Sequence[tuple[int, Again]] = (),
        most: int = 0,
    ) -> list[Question]:
        """What `holder` holds, topped up to `n` or its share, in asking order; renews the leases.

        Args:
            holder: the open page.
            annotator: who is before it.
            n: how many at most.
            turn: of the page's message; see `release`.
            again: what this person may be asked once more.
            most: of these that the page holds, unless little else is left.
        """
        now = time.time()
        with self.db.immediate():
            self._lives(holder, annotator, now, turn)
            kept, share = len(renew(self.db, holder, now)), self._share(n, now)
            held = {row["image_id"] for row in self.db.rows(PLAIN, {"who": holder, "now": now})}
            wanted = most if share + most >= n else max(most, FILL)
            more = again[: max(min(wanted, n - len(held)) - kept, 0)]
            self.db.run(
                f"""UPDATE queue SET holder = :who, until = :until WHERE image_id IN (
                      SELECT image_id FROM queue
                      WHERE again = '' AND (NOT ({HELD}) OR holder = :who)
                      ORDER BY (holder IS :who AND {HELD}) DESC, position LIMIT :n)""",
                {
                    "who": holder,
                    "now": now,
                    "until": now + SILENCE_SECONDS,
                    "n": max(min(share, n - kept - len(more)), len(held)),
                },
            )
            if more:
                got = self.db.rows(PLAIN, {"who": holder, "now": now})
                fresh = [each["position"] for each in got if each["image_id"] not in held]
                weave(self.db, holder, more, fresh, now)
            rows = self.db.rows(
                f"""SELECT {PICTURE}, reason, score, guess, detail, again FROM queue
                    JOIN image ON image.id = queue.image_id
                    WHERE holder = :who AND {HELD} ORDER BY {ORDER}""",
                {"who": holder, "now": now},
            )
        return [_question(row, place) for place, row in enumerate(rows, 1)]

    def beat(self, holder: str, annotator: str, shown: int | None, items: Collection[int]) -> Beat:
        """Renew what a living page holds; give back what is more than its share.

        What is on the screen is given back last. Of the `items` that the page names, it gets back
        what had become free meanwhile, as after a connection that was gone for a while.
        """
        now = time.time()
        who = {"who": holder, "now": now, "shown": shown, "items": json.dumps([*items])}
        with self.db.immediate():
            self._lives(holder, annotator, now)
            repeated = renew(self.db, holder, now)
            self.db.run(
                "UPDATE open_page SET shown = :shown WHERE client = :who",
                {"shown": shown, "who": holder},
            )
            share = self._share(AHEAD, now)
            wanted = [
                row["image_id"]
                for row in self.db.rows(
                    f"""SELECT image_id FROM queue
                        WHERE again = '' AND ((holder = :who AND {HELD}) OR (NOT ({HELD})
                          AND image_id IN (SELECT value FROM json_each(:items))))
                        ORDER BY image_id IS :shown DESC, position""",
                    who,
                )
            ]
            self.db.run(f"{FREE} AND again = ''", who)
            self.db.run_many(
                "UPDATE queue SET holder = :who, until = :until WHERE image_id = :id",
                [
                    {"id": each, "who": holder, "until": now + SILENCE_SECONDS}
                    for each in wanted[:share]
                ],
            )
            free = self.db.value(
                f"SELECT 1 FROM queue WHERE again = '' AND NOT ({HELD}) LIMIT 1", who
            )
        kept = {*wanted[:share], *repeated}
        gone = tuple(each for each in items if each not in kept)
        return Beat(gone, bool(free) and len(wanted) < share, len(kept))

    def release(self, holder: str, turn: float) -> None:
        """Free what a closed page held, unless the page was heard of again since `turn`.

        A page that is loaded anew closes first, and its farewell may be the later to arrive.
        """
        with self.db.immediate():
            last = self.db.value("SELECT turn FROM open_page WHERE client = :who", {"who": holder})
            if last is not None and last <= turn:
                self.db.run(FREE, {"who": holder})
                self.db.run("DELETE FROM open_page WHERE client = :who", {"who": holder})

    def _lives(self, holder: str, annotator: str, now: float, turn: float = 0) -> None:
        """Note that a page is open; forget those that have been silent."""
        self.db.run(f"DELETE FROM open_page WHERE NOT ({LIVES})", {"now": now})
        self.db.run(
            """INSERT INTO open_page (client, annotator, turn, until)
               VALUES (:who, :annotator, :turn, :until)
               ON CONFLICT (client) DO UPDATE SET annotator = :annotator, until = :until,
                 turn = MAX(turn, :turn)""",
            {"who": holder, "annotator": annotator, "turn": turn, "until": now + SILENCE_SECONDS},
        )

    def _share(self, n: int, now: float) -> int:
        """How many open images a page may hold: `n`, or its part of what is left; one at least."""
        left = int(self.db.value("SELECT COUNT(*) FROM queue WHERE again = ''"))
        pages = int(self.db.value(f"SELECT COUNT(*) FROM open_page WHERE {LIVES}", {"now": now}))
        return min(n, -(-left // max(pages, 1)))


# What a page holds of images that nobody has answered
PLAIN = f"""SELECT image_id, position FROM queue
    WHERE holder = :who AND {HELD} AND again = '' ORDER BY position"""
FREE = "UPDATE queue SET holder = NULL, until = 0 WHERE holder = :who"


def _question(row: Row, place: int) -> Question:
    told = ("reason", "score", "guess", "detail", "again")
    return Question(picture(row), **{key: row[key] for key in told}, place=place)
