"""What was done to classes, by whom and when: rows that are never changed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from annotator.model import ClassChange, ClassChangeKind
from annotator.store.database import Database, Row


class ClassLog:
    """The log of the classes, written in the transaction of each change."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def write(
        self,
        kind: ClassChangeKind,
        class_id: int,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        by: str,
    ) -> None:
        """Add a change; what it changed as it was, and as it became."""
        self.db.run(
            """INSERT INTO class_change (at, person, kind, class_id, before, after, watermark)
               VALUES (:now, :by, :kind, :id, :before, :after,
                       (SELECT COALESCE(MAX(id), 0) FROM event))""",
            {
                "now": time.time(),
                "by": by,
                "kind": kind,
                "id": class_id,
                "before": json.dumps(before),
                "after": json.dumps(after),
            },
        )

    def newest(self, limit: int = -1) -> list[ClassChange]:
        """The changes, the newest first; other classes in them by the names that they have now."""
        names = {row["id"]: row["name"] for row in self.db.rows("SELECT id, name FROM class")}
        rows = self.db.rows(
            "SELECT * FROM class_change ORDER BY id DESC LIMIT :n",
            {"n": limit},
        )
        return [_change(row, names) for row in rows]


def _change(row: Row, names: Mapping[int, str]) -> ClassChange:
    return ClassChange(
        at=row["at"],
        person=row["person"],
        kind=row["kind"],
        class_id=row["class_id"],
        name=names[row["class_id"]],
        before=_told(json.loads(row["before"]), names),
        after=_told(json.loads(row["after"]), names),
        watermark=row["watermark"],
    )


def _told(change: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """A side of a change, with names in place of ids."""
    if change.get("merged_into") is not None:
        change["merged_into"] = names[change["merged_into"]]
    if "order" in change:
        change["order"] = [names[each] for each in change["order"]]
    return change
