"""Whose word a label is, when it was pressed, and what became of the classes."""

from __future__ import annotations

EVENT = """CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, client TEXT NOT NULL, seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('label', 'skip', 'undo', 'unclear', 'flag', 'note')),
    image_id INTEGER NOT NULL REFERENCES image, class_id INTEGER REFERENCES class,
    undoes INTEGER REFERENCES event, annotator TEXT NOT NULL, at REAL NOT NULL,
    received REAL NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL, score REAL,
    source TEXT NOT NULL DEFAULT 'human'
        CHECK (source IN ('human', 'verified', 'imported', 'adjudicated')),
    propensity REAL, suggestion_shown INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '', UNIQUE (client, seq)) STRICT"""
EVENT_COLUMNS = """id, client, seq, kind, image_id, class_id, undoes, annotator, at, received,
    seconds, reason, score"""

CLASS = """CREATE TABLE class (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, added REAL NOT NULL, removed REAL,
    position INTEGER NOT NULL DEFAULT 0, color TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '', example_id INTEGER REFERENCES image,
    merged_into INTEGER REFERENCES class) STRICT"""

FIFTH = (
    # What is known of an image beside its pixels. origin: SHA-256 of the file it is a page of
    "ALTER TABLE image ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE image ADD COLUMN page INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE image ADD COLUMN text TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE image ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",
    # in_group: a salted hash of what belongs together, such as a patient
    "ALTER TABLE image ADD COLUMN in_group TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX image_origin ON image (origin, page) WHERE origin <> ''",
    "CREATE INDEX image_group ON image (in_group) WHERE in_group <> ''",
    "PRAGMA defer_foreign_keys = ON",
    # Two classes may differ in case alone; their order, color and description are their own
    "CREATE TEMP TABLE old_class AS SELECT * FROM class",
    "DROP TABLE class",
    CLASS,
    """INSERT INTO class (id, name, added, removed, position)
        SELECT id, name, added, removed, id FROM old_class""",
    "DROP TABLE old_class",
    # Whose word a label is, how likely it was asked, and answers that are no labels
    "CREATE TEMP TABLE old_event AS SELECT * FROM event",
    "CREATE TEMP TABLE old_sequence AS SELECT seq FROM sqlite_sequence WHERE name = 'event'",
    "DROP TABLE event",
    EVENT,
    f"""INSERT INTO event ({EVENT_COLUMNS}, source)
        SELECT {EVENT_COLUMNS}, CASE WHEN annotator = 'import' AND client LIKE 'import-%'
                                THEN 'imported' ELSE 'human' END
        FROM old_event ORDER BY id""",
    "DELETE FROM sqlite_sequence WHERE name = 'event'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'event', seq FROM old_sequence",
    "DROP TABLE old_event",
    "DROP TABLE old_sequence",
    "CREATE INDEX event_label ON event (image_id, id, class_id) WHERE kind = 'label'",
    "CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL",
    """CREATE TRIGGER event_kept_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
    """CREATE TRIGGER event_kept_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
)

SIXTH = (
    # When an answer was pressed. Versions up to 0.1 wrote whatever the browser's clock said, and
    # the log is never changed
    """ALTER TABLE event ADD COLUMN pressed REAL GENERATED ALWAYS AS
        (CASE WHEN at BETWEEN 0 AND received THEN at ELSE received END) VIRTUAL""",
    "DROP INDEX event_label",
    """CREATE INDEX event_label ON event (image_id, pressed, id, class_id, annotator)
        WHERE kind = 'label'""",
    # append-only: who made of a class what. watermark: the newest event at that moment
    """CREATE TABLE class_change (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('add', 'rename', 'merge', 'split', 'remove', 'restore',
                                           'order', 'describe')),
        class_id INTEGER NOT NULL REFERENCES class, before TEXT NOT NULL, after TEXT NOT NULL,
        watermark INTEGER NOT NULL) STRICT""",
    """CREATE TRIGGER class_change_kept_update BEFORE UPDATE ON class_change
        BEGIN SELECT RAISE(ABORT, 'changes of classes are append-only'); END""",
    """CREATE TRIGGER class_change_kept_delete BEFORE DELETE ON class_change
        BEGIN SELECT RAISE(ABORT, 'changes of classes are append-only'); END""",
)
