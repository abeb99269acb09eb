"""The queue of images to ask about, in the order of asking."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from annotator.model import Split
from annotator.store.database import Database
from annotator.store.holding.held import AT_HAND, HELD, KEPT_HELD, SILENCE_SECONDS
from annotator.store.near_duplicates import SPARE

RANDOM = "chosen at random"  # what a question says that was drawn, or that measures
PUT_OFF = "put off before: all others are answered"  # what one says that comes back at the end
TAKEN_BACK = "you took your answer back"
BROUGHT_BACK = "brought back by"  # and a name
# How the reasons begin that test images, and those of an audit, have like any others
OF_ANY = (RANDOM, PUT_OFF, TAKEN_BACK, BROUGHT_BACK)


@dataclass(frozen=True, slots=True)
class Ask:
    """An image that should be asked about, and why."""

    image_id: int
    reason: str
    score: float | None = None
    propensity: float | None = None  # chance of being asked, where it is known
    guess: str = ""  # what the model takes it for, kept apart from the reason
    detail: str = ""  # the number behind the reason
    picked: bool = False  # by an expert: every new order has it in front
    drawn: bool = False  # by even chance alone: nobody can tell it from a test image

    @classmethod
    def random(cls, image_id: int, propensity: float | None = None) -> Ask:
        """A question that says no more than that its image was drawn, as test images do."""
        return cls(image_id, RANDOM, propensity=propensity, drawn=True)


class Queue:
    """Which image is asked next; `holding` says who has it."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def replace(self, asks: Sequence[Ask]) -> None:
        """Put a new order in place of the old; each holder keeps the images just before them.

        Images that an expert picked stay in front if the new order has no place for them.
        """
        now = {"now": time.time(), "kept": KEPT_HELD}
        with self.db.immediate():
            at_hand = {row["image_id"] for row in self.db.rows(AT_HAND, now)}
            moved = [ask.image_id for ask in asks if ask.picked and ask.image_id not in at_hand]
            self.db.run_many("DELETE FROM queue WHERE image_id = :id", [{"id": i} for i in moved])
            self.db.run(f"DELETE FROM queue WHERE NOT picked AND image_id NOT IN ({AT_HAND})", now)
            last = self.db.value("SELECT COALESCE(MAX(position), 0) FROM queue")
            self._insert(asks, after=last)

    def extend(self, asks: Sequence[Ask]) -> None:
        """Add images at the end."""
        with self.db.immediate():
            last = self.db.value("SELECT COALESCE(MAX(position), 0) FROM queue")
            self._insert(asks, after=last)

    def ahead(self) -> list[Ask]:
        """What waits, in asking order, without the few images that pages show now."""
        rows = self.db.rows(
            f"""SELECT image_id, reason, score, propensity, guess, detail, picked, drawn FROM queue
                WHERE again = '' AND image_id NOT IN ({AT_HAND}) ORDER BY position""",
            {"now": time.time(), "kept": KEPT_HELD},
        )
        flags = ("picked", "drawn")
        return [Ask(**row | {flag: bool(row[flag]) for flag in flags}) for row in rows]

    def _insert(self, asks: Sequence[Ask], *, after: int) -> None:
        """Add those that may be asked and do not wait already.

        What was put off waits until all others are answered, unless an expert picks it.
        """
        if not asks:  # as mostly where somebody is asked: looking through all answers takes long
            return
        answered = {
            row["image_id"]
            for row in self.db.rows(
                "SELECT image_id FROM current_label UNION SELECT image_id FROM unclear_image"
            )
        }
        put_off = {row["image_id"] for row in self.db.rows("SELECT image_id FROM skipped_image")}
        self.db.run_many(
            """INSERT INTO queue (image_id, position, score, propensity, reason, guess, detail,
                                  picked, drawn)
               VALUES (:image_id, :position, :score, :propensity, :reason, :guess, :detail,
                       :picked, :drawn)
               ON CONFLICT (image_id) DO NOTHING""",
            [
                asdict(ask) | {"position": after + place}
                for place, ask in enumerate(asks, 1)
                if ask.image_id not in answered
                and (ask.picked or ask.reason == PUT_OFF or ask.image_id not in put_off)
            ],
        )

    def settle(self, answered: Iterable[int]) -> None:
        """Take images out that have an answer; what was asked once more goes with `done`."""
        self.db.run_many(
            "DELETE FROM queue WHERE image_id = :id AND again = ''",
            [{"id": each} for each in answered],
        )

    def done(self, answered: Iterable[int], holder: str) -> None:
        """Take out what this page was asked once more, and has answered."""
        self.db.run_many(
            "DELETE FROM queue WHERE image_id = :id AND again <> '' AND holder = :who",
            [{"id": each, "who": holder} for each in answered],
        )

    def ask_first(self, asks: Sequence[Ask]) -> None:
        """Put images at the front, also those that wait already."""
        with self.db.immediate():
            self.settle(each.image_id for each in asks)
            first = self.db.value("SELECT COALESCE(MIN(position), 0) FROM queue")
            self._insert(asks, after=first - len(asks) - 1)

    def ask_blind(self, image_ids: Iterable[int]) -> None:
        """Have these images say no more than that they were drawn, wherever they wait."""
        self.db.run_many(
            """UPDATE queue SET reason = :reason, guess = '', detail = '', score = NULL,
                                propensity = NULL, drawn = 1 WHERE image_id = :id""",
            [{"id": each, "reason": RANDOM} for each in image_ids],
        )

    def end_with(self, image_ids: Iterable[int]) -> None:
        """Have these images, which were put off, asked after all others."""
        now = {"now": time.time(), "why": PUT_OFF}
        with self.db.immediate():
            self.db.run(f"DELETE FROM queue WHERE reason = :why AND NOT ({HELD})", now)
            self.extend([Ask(each, PUT_OFF) for each in image_ids])

    def drop_answered(self, class_id: int) -> None:
        """Ask no more about images that have this class's label again, which was hidden."""
        self.db.run(
            """DELETE FROM queue WHERE again = '' AND image_id IN
                 (SELECT image_id FROM current_label WHERE class_id = :id)""",
            {"id": class_id},
        )

    def bring_back(self, image_id: int, holder: str) -> None:
        """Put an image whose label was taken back at the front, held by who took it back.

        It is the question that it was: its reason, score and propensity are those of what was
        taken back, which the undo has as well, and so has the next answer.
        """
        with self.db.immediate():
            first = self.db.value("SELECT COALESCE(MIN(position), 0) - 1 FROM queue")
            was = self.db.row(
                """SELECT reason, score, propensity FROM event
                   WHERE image_id = :id AND client = :who ORDER BY id DESC LIMIT 1""",
                {"id": image_id, "who": holder},
            )
            reason, _, detail = (was["reason"] if was else "").partition(" (")
            self.db.run(
                """INSERT INTO queue (image_id, position, reason, detail, score, propensity, drawn,
                                      holder, until)
                   VALUES (:id, :first, :why, :detail, :score, :propensity, :drawn, :who, :until)
                   ON CONFLICT (image_id) DO UPDATE
                   SET position = :first, holder = :who, until = :until, again = ''""",
                {
                    "id": image_id,
                    "first": first,
                    "why": reason or TAKEN_BACK,
                    "detail": detail.removesuffix(")"),
                    "score": was["score"] if was else None,
                    "propensity": was["propensity"] if was else None,
                    "drawn": int(reason == RANDOM),
                    "who": holder,
                    "until": time.time() + SILENCE_SECONDS,
                },
            )

    def free(self) -> int:
        """How many waiting images nobody holds."""
        return int(
            self.db.value(
                f"SELECT COUNT(*) FROM queue WHERE again = '' AND NOT ({HELD})",
                {"now": time.time()},
            )
        )

    def unanswered(self, split: Split, limit: int) -> list[int]:
        """Images without an answer, waiting or not, in random order; near-duplicates last."""
        return self._drawn(split, limit, "1")

    def unasked(self, split: Split, limit: int) -> list[int]:
        """Likewise, of the images that do not wait in the queue."""
        return self._drawn(split, limit, "id NOT IN (SELECT image_id FROM queue)")

    def _drawn(self, split: Split, limit: int, condition: str) -> list[int]:
        """Look among spare near-duplicates only when the others do not fill the limit."""
        found: list[int] = []
        for spare in ("NOT IN", "IN"):
            left = limit - len(found) if limit >= 0 else -1
            rows = self.db.rows(
                f"""SELECT id FROM image WHERE split = :split AND {condition}
                      AND id NOT IN (SELECT image_id FROM current_label) AND id {spare} ({SPARE})
                      AND id NOT IN (SELECT image_id FROM unclear_image)
                      AND id NOT IN (SELECT image_id FROM skipped_image)
                    ORDER BY draw LIMIT :n""",
                {"split": split, "n": left},
            )
            found += [row["id"] for row in rows]
            if not left:
                break
        return found
