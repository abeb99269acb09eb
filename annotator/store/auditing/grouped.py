"""Which images of an audit belong together, such as those of one patient."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from annotator.store.database import Database

GROUPED = """SELECT COALESCE(SUM(n), 0) AS images, COUNT(*) AS groups FROM (
    SELECT COUNT(*) AS n FROM image WHERE in_group <> ''
      AND id IN (SELECT value FROM json_each(:ids)) GROUP BY in_group HAVING COUNT(*) > 1)"""


def grouped(db: Database, image_ids: Iterable[int]) -> tuple[int, int]:
    """How many of these images belong with others of them, and in how many groups."""
    row = db.row(GROUPED, {"ids": json.dumps(list(image_ids))})
    assert row
    return row["images"], row["groups"]


def numbered(db: Database, image_ids: Sequence[int]) -> list[int]:
    """The group of each of these images, as a number: 0 for the first that appears, and so on.

    An image that belongs with none is a group by itself.
    """
    rows = db.rows(
        "SELECT id, in_group FROM image WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(list(image_ids))},
    )
    names = {row["id"]: row["in_group"] or row["id"] for row in rows}
    numbers: dict[str | int, int] = {}
    return [numbers.setdefault(names[each], len(numbers)) for each in image_ids]


def any_group(db: Database) -> bool:
    """Whether two images of the pool belong together."""
    return bool(
        db.value(
            """SELECT 1 FROM image WHERE in_group <> '' AND split = 'pool'
               GROUP BY in_group HAVING COUNT(*) > 1 LIMIT 1"""
        )
    )
