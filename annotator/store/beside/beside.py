"""What is said of images that is no label, and taking it back."""

from __future__ import annotations

import json
import time
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from annotator.model import Given, Marks, Split, Unclear
from annotator.store.database import Database
from annotator.store.views import FOREVER, SKIPPED_AS_OF, UNCLEAR_AS_OF, stands

AMONG = "image_id IN (SELECT value FROM json_each(:ids))"
PUT_OFF = ("skip", "unclear")  # what keeps an image from being asked


class Beside:
    """Answers that are no label, and marks on images."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def unclear_ids(self, watermark: int = FOREVER) -> list[int]:
        """The images that nobody can tell, as it stood at `watermark`."""
        rows = self.db.rows(f"SELECT image_id FROM ({UNCLEAR_AS_OF})", {"watermark": watermark})
        return [row["image_id"] for row in rows]

    def skipped_ids(self, watermark: int = FOREVER) -> list[int]:
        """The images that were put off, those first that have waited for longest."""
        rows = self.db.rows(
            f"SELECT image_id FROM ({SKIPPED_AS_OF}) ORDER BY at, image_id",
            {"watermark": watermark},
        )
        return [row["image_id"] for row in rows]

    def unclear(self, image_ids: Iterable[int]) -> dict[int, Unclear]:
        """Of these images those that nobody can tell, and what was said of that."""
        rows = self.db.rows(
            f"""SELECT image_id, annotator, at, why FROM unclear_image WHERE {AMONG}""",
            {"ids": json.dumps(list(image_ids))},
        )
        return {row.pop("image_id"): Unclear(**row) for row in rows}

    def skipped(self, image_ids: Iterable[int]) -> dict[int, str]:
        """Of these images those that were put off, and by whom."""
        rows = self.db.rows(
            f"SELECT image_id, annotator FROM skipped_image WHERE {AMONG}",
            {"ids": json.dumps(list(image_ids))},
        )
        return {row["image_id"]: row["annotator"] for row in rows}

    def counts(self, split: Split | None = None) -> tuple[int, int]:
        """How many images were put off, and how many nobody can tell."""
        return tuple(  # type: ignore[return-value]  # of two
            int(
                self.db.value(
                    f"""SELECT COUNT(*) FROM {view} JOIN image ON image.id = image_id
                        WHERE :split IS NULL OR split = :split""",
                    {"split": split},
                )
            )
            for view in ("skipped_image", "unclear_image")
        )

    def answered(self, image_ids: Collection[int]) -> set[int]:
        """Of these images those that have a label, were put off, or that nobody can tell."""
        rows = self.db.rows(
            f"""SELECT image_id FROM current_label WHERE {AMONG}
                UNION SELECT image_id FROM unclear_image WHERE {AMONG}
                UNION SELECT image_id FROM skipped_image WHERE {AMONG}""",
            {"ids": json.dumps(list(image_ids))},
        )
        return {row["image_id"] for row in rows}

    def marks(self, image_ids: Iterable[int], person: str | None = None) -> dict[int, Marks]:
        """The flags and notes of these images: of one person, or of everybody."""
        values = {"ids": json.dumps(list(image_ids)), "who": person}
        who = f"WHERE {AMONG} AND (:who IS NULL OR annotator = :who)"
        flags, notes = (
            defaultdict[int, list[str]](list),
            defaultdict[int, list[tuple[str, str]]](list),
        )
        for row in self.db.rows(f"SELECT * FROM flag_now {who} ORDER BY annotator", values):
            flags[row["image_id"]].append(row["annotator"])
        for row in self.db.rows(f"SELECT * FROM note_now {who} ORDER BY at, annotator", values):
            notes[row["image_id"]].append((row["annotator"], row["note"]))
        return {each: Marks(tuple(flags[each]), tuple(notes[each])) for each in {*flags, *notes}}

    def take_back(self, image_ids: Iterable[int], kinds: Sequence[str], by: str) -> list[int]:
        """Take back everything of these kinds that anybody said; return the images it was of.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        standing = " UNION ALL ".join(
            f"SELECT id, image_id FROM event WHERE {AMONG} AND {stands('event', kind)}"
            for kind in kinds
        )
        now, client = time.time(), f"back-{uuid.uuid4().hex}"
        with self.db.immediate():
            rows = self.db.rows(
                f"{standing} ORDER BY id",
                {"ids": json.dumps(list(image_ids)), "watermark": FOREVER},
            )
            self.db.run_many(
                """INSERT INTO event (client, seq, kind, image_id, undoes, annotator, at, received,
                                      seconds, reason)
                   VALUES (:client, :seq, 'undo', :image_id, :id, :by, :now, :now, 0, '')""",
                [
                    {**row, "client": client, "seq": seq, "by": by, "now": now}
                    for seq, row in enumerate(rows, 1)
                ],
            )
        return list(dict.fromkeys(row["image_id"] for row in rows))

    def take_in(self, said: Sequence[tuple[int, str, str, Given]], client: str, by: str) -> None:
        """Append what came with an import: (image, kind, text, whose word it is) each.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        now = time.time()
        self.db.run_many(
            """INSERT INTO event (client, seq, kind, image_id, annotator, at, received, seconds,
                                  reason, source, propensity, suggestion_shown, note)
               VALUES (:client, :seq, :kind, :image_id, :annotator,
                       COALESCE(MIN(MAX(:at, 0), :now), :now), :now, :seconds, :reason, 'imported',
                       :propensity, :shown, :text)""",
            [
                {
                    "client": client,
                    "seq": seq,
                    "kind": kind,
                    "image_id": image_id,
                    "annotator": given.annotator or by,
                    "at": given.at,
                    "now": now,
                    "seconds": max(given.seconds, 0.0),
                    "reason": given.reason,
                    "propensity": given.propensity,
                    "shown": int(given.suggestion_shown),
                    "text": text,
                }
                for seq, (image_id, kind, text, given) in enumerate(said, 1)
            ],
        )
