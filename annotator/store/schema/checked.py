"""A guess of the model that somebody looked at and turned down."""

from __future__ import annotations

from annotator.store.schema.told import EVENT

COLUMNS = """id, client, seq, kind, image_id, class_id, undoes, annotator, at, received, seconds,
    reason, score, source, propensity, suggestion_shown, note"""

# A list of kinds cannot be changed in place. pressed is worked out anew from what is kept
CHECKED = (
    "PRAGMA defer_foreign_keys = ON",
    "CREATE TEMP TABLE old_event AS SELECT * FROM event",
    "CREATE TEMP TABLE old_sequence AS SELECT seq FROM sqlite_sequence WHERE name = 'event'",
    "DROP TABLE event",
    EVENT.replace("'note')", "'note', 'reject')"),
    f"INSERT INTO event ({COLUMNS}) SELECT {COLUMNS} FROM old_event ORDER BY id",
    "DELETE FROM sqlite_sequence WHERE name = 'event'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'event', seq FROM old_sequence",
    "DROP TABLE old_event",
    "DROP TABLE old_sequence",
    """ALTER TABLE event ADD COLUMN pressed REAL GENERATED ALWAYS AS
        (CASE WHEN at BETWEEN 0 AND received THEN at ELSE received END) VIRTUAL""",
    """CREATE INDEX event_label ON event (image_id, pressed, id, class_id, annotator)
        WHERE kind = 'label'""",
    "CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX event_reject ON event (image_id, class_id) WHERE kind = 'reject'",
    """CREATE TRIGGER event_kept_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
    """CREATE TRIGGER event_kept_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
)
