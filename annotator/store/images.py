"""Images are known by what they contain; each has a fixed place in a uniform random order."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from annotator.model import Image, ImageKind, NewImage, RowIndex, Split
from annotator.store.database import BIGGEST, Database, Row

COLUMNS = "id, sha256, name, stored, width, height, split, note"
FILTERS: dict[ImageKind, str] = {
    "all": "1",
    "labeled": "id IN (SELECT image_id FROM current_label)",
    "unlabeled": "id NOT IN (SELECT image_id FROM current_label)",
    "test": "split = 'test'",
}


def draw(sha256: str, seed: int) -> float:
    """A number in [0, 1), uniform over images and the same at every import."""
    digest = hashlib.blake2b(f"{seed}:{sha256}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


class Images:
    """The images of a workspace, numbered from 1 in the order they were imported."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, images: Sequence[NewImage], *, test_share: float, seed: int) -> list[int]:
        """Write new images; those whose draw is below `test_share` are reserved for measuring.

        While that leaves none to learn from, the new one with the highest draw is not reserved.
        Returns the id of each, in order. An image that is there already keeps its row.
        """
        now = time.time()
        rows = []
        for image in images:
            place = draw(image.sha256, seed)
            split = "test" if place < test_share else "pool"
            rows.append(
                {
                    "sha256": image.sha256,
                    "name": image.name,
                    "stored": image.stored,
                    "width": image.width,
                    "height": image.height,
                    "note": image.note,
                    "split": split,
                    "draw": place,
                    "added": now,
                    "origin": image.origin,
                    "page": image.page,
                    "text": image.text,
                    "facts": json.dumps(dict(image.facts)),
                }
            )
        with self.db.immediate():
            self._keep_one_to_learn_from(rows)
            self.db.run_many(
                """INSERT INTO image (sha256, name, stored, width, height, split, note, draw, added,
                                      origin, page, text, facts)
                   VALUES (:sha256, :name, :stored, :width, :height, :split, :note, :draw, :added,
                           :origin, :page, :text, :facts)
                   ON CONFLICT (sha256) DO NOTHING""",
                rows,
            )
            return [
                self.db.value("SELECT id FROM image WHERE sha256 = :sha", {"sha": image.sha256})
                for image in images
            ]

    def _keep_one_to_learn_from(self, rows: Sequence[dict[str, Any]]) -> None:
        """Move one of the new rows to the pool if it would stay empty."""
        if self.count("pool"):
            return
        known = self.hashes()
        new = [row for row in rows if row["sha256"] not in known]
        if new and all(row["split"] == "test" for row in new):
            max(new, key=lambda row: row["draw"])["split"] = "pool"

    def get(self, image_id: int) -> Image | None:
        """The image of this id, if there is one."""
        if not 0 < image_id <= BIGGEST:
            return None
        row = self.db.row(f"SELECT {COLUMNS} FROM image WHERE id = :id", {"id": image_id})
        return _image(row) if row else None

    def named(self, text: str) -> Image | None:
        """The first image whose name is `text`, else whose name ends in it."""
        row = self.db.row(
            f"""SELECT {COLUMNS} FROM image WHERE name = :text OR substr(name, -:n) = :text
                ORDER BY name <> :text, id LIMIT 1""",
            {"text": text, "n": len(text)},
        )
        return _image(row) if row else None

    def many(self, ids: Iterable[int]) -> dict[int, Image]:
        """The images of these ids, by id, in one read; ids without an image are left out."""
        rows = self.db.rows(
            f"""SELECT {COLUMNS} FROM image WHERE id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(ids))},
        )
        return {row["id"]: _image(row) for row in rows}

    def all(self) -> list[Image]:
        """Every image, by id."""
        return [_image(row) for row in self.db.rows(f"SELECT {COLUMNS} FROM image ORDER BY id")]

    def page(self, kind: ImageKind, offset: int, limit: int) -> list[Image]:
        """At most `limit` images of a kind, by id, after the first `offset` of them."""
        rows = self.db.rows(
            f"SELECT {COLUMNS} FROM image WHERE {FILTERS[kind]} ORDER BY id LIMIT :n OFFSET :skip",
            {"n": limit, "skip": offset},
        )
        return [_image(row) for row in rows]

    def hashes(self) -> dict[str, int]:
        """SHA-256 to id, of every image."""
        return {row["sha256"]: row["id"] for row in self.db.rows("SELECT id, sha256 FROM image")}

    def index(self) -> RowIndex:
        """Which image each row of a feature file is."""
        return RowIndex(row["id"] for row in self.db.rows("SELECT id FROM image"))

    def newest(self) -> int:
        """The highest id; 0 without images."""
        return int(self.db.value("SELECT COALESCE(MAX(id), 0) FROM image"))

    def count_after(self, image_id: int) -> int:
        """How many images came after this one."""
        return int(self.db.value("SELECT COUNT(*) FROM image WHERE id > :id", {"id": image_id}))

    def ids(self, split: Split) -> list[int]:
        """The ids of the images of a split, rising."""
        rows = self.db.rows("SELECT id FROM image WHERE split = :s ORDER BY id", {"s": split})
        return [row["id"] for row in rows]

    def count(self, split: Split | None = None) -> int:
        """How many images there are, of one split or of both."""
        if split is None:
            return int(self.db.value("SELECT COUNT(*) FROM image"))
        return int(self.db.value("SELECT COUNT(*) FROM image WHERE split = :s", {"s": split}))

    def median_side(self) -> int:
        """The median of the longer sides, in pixels; 0 without images."""
        return int(
            self.db.value(
                """SELECT MAX(width, height) FROM image ORDER BY MAX(width, height)
                   LIMIT 1 OFFSET (SELECT COUNT(*) FROM image) / 2"""
            )
            or 0
        )


def _image(row: Row) -> Image:
    return Image(**row)
