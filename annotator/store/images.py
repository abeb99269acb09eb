"""Images are known by what they contain; each has a fixed place in a uniform random order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from annotator.model import Image, ImageKind, NewImage, RowIndex, Split
from annotator.store.columns.names import Names, names
from annotator.store.columns.pool import Pool, pool
from annotator.store.database import BIGGEST, Database, Row
from annotator.store.dividing.draw import Draw, divide, draw, foremost
from annotator.store.documents.pages import Pages
from annotator.store.schema.brief import kept as path_kept

COLUMNS = "id, sha256, name, stored, width, height, split, note, pages, face"
PICTURE = ", ".join(f"image.{name}" for name in COLUMNS.split(", "))  # of a query with others
FILTERS: dict[ImageKind, str] = {
    "all": "1",
    "labeled": "id IN (SELECT image_id FROM current_label)",
    "unlabeled": "id NOT IN (SELECT image_id FROM current_label)",
    "val": "split = 'val'",
    "test": "split = 'test'",
}


# Images beside the pool, as the index finds them
OTHERS = "FROM image WHERE split < 'pool' OR split > 'pool'"

NONE_KEPT: Mapping[str, Split] = {}
NO_GROUPS: Mapping[str, str] = {}


class Images:
    """The images of a workspace, numbered from 1 in the order they were imported."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(
        self,
        images: Sequence[NewImage],
        *,
        test_share: float,
        val_share: float = 0.0,
        seed: int,
        kept: Mapping[str, Split] = NONE_KEPT,
        groups: Mapping[str, str] = NO_GROUPS,
    ) -> list[int]:
        """Write new images; those whose draw is below `test_share` are reserved for measuring.

        Those that follow, up to `val_share` more, validate; where these are few, some more do.
        A group is drawn as a whole, and its later images follow the first. While that leaves none
        to learn from, the new one with the highest draw is not reserved, with its group.

        Args:
            images: an image that is there already keeps its row.
            test_share: 0 to 1.
            val_share: likewise.
            seed: of the draw.
            kept: SHA-256 -> split, of those that are not drawn.
            groups: SHA-256 -> group, as it is called here.

        Returns:
            The id of each, in order.
        """
        with self.db.immediate():
            known = self.hashes()
            new = [image for image in images if image.sha256 not in known]
            splits = self.divided(
                [image.sha256 for image in new],
                test_share=test_share,
                val_share=val_share,
                seed=seed,
                kept=kept,
                groups=groups,
            )
            self.append(new, splits, seed=seed, groups=groups)
            ids = self.ids_of([image.sha256 for image in images])
        return [ids[image.sha256] for image in images]

    def divided(
        self,
        new: Iterable[str],
        *,
        test_share: float,
        val_share: float = 0.0,
        seed: int,
        kept: Mapping[str, Split] = NONE_KEPT,
        groups: Mapping[str, str] = NO_GROUPS,
    ) -> dict[str, Split]:
        """SHA-256 -> the split in which `add` would put each of these, which are not here yet."""
        rows: list[Row] = [{"sha256": sha, "in_group": groups.get(sha, "")} for sha in new]
        here = {group: foremost(splits) for group, splits in self.sides().items()}
        how = Draw(test_share, seed, kept, here, val_share, self.count("val"))
        divide(rows, how, spare=self.count("pool") == 0)
        return {row["sha256"]: row["split"] for row in rows}

    def append(
        self,
        images: Iterable[NewImage],
        splits: Mapping[str, Split],
        *,
        seed: int,
        groups: Mapping[str, str] = NO_GROUPS,
        at: float | None = None,
    ) -> None:
        """Write new images into splits that were found for them; one that is here stays as it is.

        Args:
            images: new ones.
            splits: SHA-256 -> split, of each of them.
            seed: of the draw.
            groups: SHA-256 -> group, as it is called here.
            at: unix seconds of the import; now by default.
        """
        added, images = time.time() if at is None else at, list(images)
        here = self.ids_of([image.sha256 for image in images])
        self.db.run_many(
            """INSERT INTO image (sha256, name, kept, width, height, split, note, draw, added,
                                  origin, page, text, facts, in_group, pages, face)
               VALUES (:sha256, :name, :kept, :width, :height, :split, :note, :draw, :added,
                       :origin, :page, :text, :facts, :in_group, :pages, :face)
               ON CONFLICT (sha256) DO NOTHING""",
            (
                {
                    "sha256": image.sha256,
                    "name": image.name,
                    "kept": path_kept(image.stored, image.sha256),
                    "width": image.width,
                    "height": image.height,
                    "split": splits[image.sha256],
                    "note": image.note,
                    "draw": draw(image.sha256, seed),
                    "added": added,
                    "origin": image.origin,
                    "page": image.page,
                    "text": image.text,
                    "facts": json.dumps(dict(image.facts)),
                    "in_group": groups.get(image.sha256, ""),
                    "pages": max(1, len(image.pages)),
                    "face": image.face,
                }
                for image in images
            ),
        )
        documents = [each for each in images if each.pages and each.sha256 not in here]
        ids = self.ids_of([each.sha256 for each in documents])
        Pages(self.db).add((ids[each.sha256], each.pages) for each in documents)

    def sides(self) -> dict[str, set[Split]]:
        """The splits of the images of each group."""
        found: dict[str, set[Split]] = {}
        for row in self.db.rows(
            "SELECT in_group, split FROM image WHERE in_group <> '' GROUP BY in_group, split"
        ):
            found.setdefault(row["in_group"], set()).add(row["split"])
        return found

    def join(self, groups: Mapping[str, str]) -> None:
        """Write SHA-256 -> group of images that have none."""
        self.db.run_many(
            "UPDATE image SET in_group = :group WHERE sha256 = :sha AND in_group = ''",
            [{"sha": sha, "group": group} for sha, group in groups.items()],
        )

    def groups(self) -> dict[str, str]:
        """SHA-256 to group, of every image that is of one."""
        return dict(self.db.pairs("SELECT sha256, in_group FROM image WHERE in_group <> ''"))

    def get(self, image_id: int) -> Image | None:
        """The image of this id, if there is one."""
        if not 0 < image_id <= BIGGEST:
            return None
        row = self.db.row(f"SELECT {COLUMNS} FROM image WHERE id = :id", {"id": image_id})
        return picture(row) if row else None

    def named(self, text: str) -> Image | None:
        """The first image whose name is `text`, else whose name ends in it."""
        row = self.db.row(
            f"""SELECT {COLUMNS} FROM image WHERE name = :text OR substr(name, -:n) = :text
                ORDER BY name <> :text, id LIMIT 1""",
            {"text": text, "n": len(text)},
        )
        return picture(row) if row else None

    def many(self, ids: Iterable[int]) -> dict[int, Image]:
        """The images of these ids, by id, in one read; ids without an image are left out."""
        rows = self.db.rows(
            f"""SELECT {COLUMNS} FROM image WHERE id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(ids))},
        )
        return {row["id"]: picture(row) for row in rows}

    def facts(self, ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """What was asked for of the files of these images, by id and keyword, in one read."""
        rows = self.db.rows(
            "SELECT id, facts FROM image WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(ids))},
        )
        return {row["id"]: json.loads(row["facts"]) for row in rows}

    def names(self) -> Names:
        """What every image is called and what it contains, by id."""
        return names(self.db)

    def pool(self, newest: int) -> Pool:
        """Every image with an id up to `newest`, as columns."""
        return pool(self.db, newest)

    def page(self, kind: ImageKind, offset: int, limit: int) -> list[Image]:
        """At most `limit` images of a kind, by id, after the first `offset` of them."""
        rows = self.db.rows(
            f"SELECT {COLUMNS} FROM image WHERE {FILTERS[kind]} ORDER BY id LIMIT :n OFFSET :skip",
            {"n": limit, "skip": offset},
        )
        return [picture(row) for row in rows]

    def hashes(self) -> dict[str, int]:
        """SHA-256 to id, of every image."""
        return dict(self.db.pairs("SELECT sha256, id FROM image"))

    def ids_of(self, hashes: Sequence[str]) -> dict[str, int]:
        """SHA-256 to id, of those of these that are here."""
        return dict(
            self.db.pairs(
                """SELECT sha256, id FROM image
                   WHERE sha256 IN (SELECT value FROM json_each(:hashes))""",
                {"hashes": json.dumps(list(hashes))},
            )
        )

    def pages(self) -> dict[str, dict[int, str]]:
        """SHA-256 of each file of pages to its pages: number to the SHA-256 of its image.

        The number is 0 of a document, which is all of its pages.
        """
        found: dict[str, dict[int, str]] = {}
        for row in self.db.rows("SELECT origin, page, sha256 FROM image WHERE origin <> ''"):
            found.setdefault(row["origin"], {})[row["page"]] = row["sha256"]
        return found

    def index(self) -> RowIndex:
        """Which image each row of a feature file is."""
        count, newest = self.count(), self.newest()
        if count == newest:  # ids begin at 1: there is no gap
            return RowIndex(np.arange(1, newest + 1))
        return RowIndex(self.db.numbers("SELECT id FROM image"))

    def newest(self) -> int:
        """The highest id; 0 without images."""
        return int(self.db.value("SELECT COALESCE(MAX(id), 0) FROM image"))

    def count_after(self, image_id: int) -> int:
        """How many images came after this one."""
        return int(self.db.value("SELECT COUNT(*) FROM image WHERE id > :id", {"id": image_id}))

    def ids(self, split: Split) -> list[int]:
        """The ids of the images of a split, rising."""
        query = "SELECT id FROM image WHERE split = :s ORDER BY id"
        found: list[int] = self.db.numbers(query, {"s": split}).tolist()
        return found

    def among(self, image_ids: Iterable[int], split: Split) -> set[int]:
        """Those of these images that are of a split."""
        rows = self.db.numbers(
            """SELECT id FROM image
               WHERE +split = :s AND id IN (SELECT value FROM json_each(:ids))""",
            {"s": split, "ids": json.dumps(list(image_ids))},
        )
        return set(rows.tolist())

    def count(self, split: Split | None = None) -> int:
        """How many images there are, of one split or of all."""
        if split is None:
            return int(self.db.value("SELECT COUNT(*) FROM image"))
        if split == "pool":  # by what is not of it: those are fewer, and all are counted quickly
            return int(self.db.value(f"SELECT (SELECT COUNT(*) FROM image) - COUNT(*) {OTHERS}"))
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


def picture(row: Row) -> Image:
    """The image of a row that holds its columns, perhaps among others."""
    return Image(**{name: row[name] for name in COLUMNS.split(", ")})
