"""Whether what was decided still holds: which labels, classes and audits have changed since."""

from __future__ import annotations

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


def touched(db: Database, moment: Moment) -> set[str]:
    """SHA-256 of each image about which an event has been written since."""
    found = db.rows(
        """SELECT DISTINCT sha256 FROM event JOIN image ON image.id = image_id
           WHERE event.id > :event""",
        {"event": moment.event},
    )
    return {row["sha256"] for row in found}
