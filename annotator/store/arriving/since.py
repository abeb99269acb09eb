"""Whether what was decided still holds: which labels, classes and audits have changed since."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from annotator.store.database import Database


@dataclass(frozen=True, slots=True)
class Moment:
    """How much had been written at some time."""

    event: int  # the number of the newest one
    change: int  # of a class: that of the newest one
    draw: int = 0  # of an audit: that of the newest one


def now(db: Database) -> Moment:
    """The moment that the transaction sees."""
    row = db.row(
        """SELECT (SELECT COALESCE(MAX(id), 0) FROM event) AS event,
                  (SELECT COALESCE(MAX(id), 0) FROM class_change) AS change,
                  (SELECT COALESCE(MAX(audit_id), 0) FROM audit_draw) AS draw"""
    )
    assert row
    return Moment(**row)


def touched(db: Database, moment: Moment, images: Collection[str]) -> set[str]:
    """Those of some images, by SHA-256, about which an event has been written since.

    They are looked up one by one: what has been written about others takes no time.
    """
    found = db.rows(
        """SELECT sha256 FROM image WHERE sha256 IN (SELECT value FROM json_each(:images))
           AND (EXISTS (SELECT 1 FROM event
                        WHERE image_id = image.id AND kind = 'label' AND event.id > :event)
                OR EXISTS (SELECT 1 FROM event
                           WHERE image_id = image.id AND kind <> 'label' AND event.id > :event))""",
        {"event": moment.event, "images": json.dumps(list(images))},
    )
    return {row["sha256"] for row in found}
