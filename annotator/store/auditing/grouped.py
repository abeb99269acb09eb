"""Which images of an audit belong together, such as those of one patient."""

from __future__ import annotations

import json
from collections.abc import Iterable

from annotator.store.database import Database

GROUPED = """SELECT COALESCE(SUM(n), 0) AS images, COUNT(*) AS groups FROM (
    SELECT COUNT(*) AS n FROM image WHERE in_group <> ''
      AND id IN (SELECT value FROM json_each(:ids)) GROUP BY in_group HAVING COUNT(*) > 1)"""


def grouped(db: Database, image_ids: Iterable[int]) -> tuple[int, int]:
    """How many of these images belong with others of them, and in how many groups."""
    row = db.row(GROUPED, {"ids": json.dumps(list(image_ids))})
    assert row
    return row["images"], row["groups"]
