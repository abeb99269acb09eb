"""The first three steps: images, events, jobs and rounds, and what they came to be called."""

from __future__ import annotations

FIRST = (
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",  # JSON values
    """CREATE TABLE class (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        added REAL NOT NULL, removed REAL) STRICT""",
    # draw: a number in [0, 1) derived from the content; it orders random picks and splits
    """CREATE TABLE image (
        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        stored TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
        split TEXT NOT NULL CHECK (split IN ('pool', 'test')), note TEXT NOT NULL,
        draw REAL NOT NULL, added REAL NOT NULL) STRICT""",
    "CREATE INDEX image_draw ON image (split, draw)",
    # append-only: what an expert did; an undo names the event that it takes back
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, client TEXT NOT NULL, seq INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('label', 'skip', 'undo')),
        image_id INTEGER NOT NULL REFERENCES image, class_id INTEGER REFERENCES class,
        undoes INTEGER REFERENCES event, annotator TEXT NOT NULL, at REAL NOT NULL,
        received REAL NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL, score REAL,
        suggestion_shown INTEGER NOT NULL DEFAULT 0, UNIQUE (client, seq)) STRICT""",
    "CREATE INDEX event_label ON event (image_id, id, class_id) WHERE kind = 'label'",
    "CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL",
    """CREATE TRIGGER event_kept_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
    """CREATE TRIGGER event_kept_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'label events are append-only'); END""",
    """CREATE VIEW current_label AS
        SELECT event.image_id, event.id AS event_id, event.class_id, event.annotator, event.at
        FROM event
        JOIN (SELECT MAX(id) AS id FROM event AS given
              WHERE kind = 'label'
                AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = given.id)
              GROUP BY image_id) AS latest ON latest.id = event.id
        JOIN class ON class.id = event.class_id AND class.removed IS NULL""",
    # an event that was refused still counts as received, or its sender would send it for ever
    """CREATE TABLE refusal (
        client TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (client, seq)) STRICT""",
    # holder: the browser tab that has the image; free when until is past
    """CREATE TABLE queue (
        image_id INTEGER PRIMARY KEY REFERENCES image, position INTEGER NOT NULL,
        score REAL, propensity REAL, reason TEXT NOT NULL,
        holder TEXT, until REAL NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX queue_position ON queue (position)",
    """CREATE TABLE job (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('prepare', 'round')),
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        params TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, worker TEXT,
        lease_until REAL NOT NULL DEFAULT 0, progress REAL NOT NULL DEFAULT 0,
        message TEXT NOT NULL DEFAULT '', cancel_requested INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL, started REAL, finished REAL, error TEXT) STRICT""",
    """CREATE UNIQUE INDEX job_one_active ON job (kind) WHERE state IN ('queued', 'running')""",
    """CREATE TABLE worker (
        id TEXT PRIMARY KEY, pid INTEGER NOT NULL, host TEXT NOT NULL, started REAL NOT NULL,
        heartbeat REAL NOT NULL) STRICT""",
    """CREATE TABLE round (
        id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL UNIQUE REFERENCES job,
        method TEXT NOT NULL, regime TEXT NOT NULL, params TEXT NOT NULL, labels INTEGER NOT NULL,
        watermark INTEGER NOT NULL, seed INTEGER NOT NULL, threshold REAL NOT NULL,
        started REAL NOT NULL, finished REAL, pseudo_labels INTEGER, pseudo_ratio REAL,
        model_hash TEXT, stopped TEXT, details TEXT NOT NULL DEFAULT '{}') STRICT""",
    """CREATE TABLE epoch (
        round_id INTEGER NOT NULL REFERENCES round, model TEXT NOT NULL, number INTEGER NOT NULL,
        step INTEGER NOT NULL, loss REAL NOT NULL, supervised REAL NOT NULL,
        unsupervised REAL NOT NULL, used REAL NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (round_id, model, number)) STRICT""",
    """CREATE TABLE prediction (
        round_id INTEGER NOT NULL REFERENCES round,
        model TEXT NOT NULL CHECK (model IN ('baseline', 'ssl')),
        image_id INTEGER NOT NULL REFERENCES image, class_id INTEGER NOT NULL REFERENCES class,
        confidence REAL NOT NULL, entropy REAL NOT NULL,
        PRIMARY KEY (round_id, model, image_id)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE class_ratio (
        round_id INTEGER NOT NULL REFERENCES round, class_id INTEGER NOT NULL REFERENCES class,
        predicted INTEGER NOT NULL, pseudo INTEGER NOT NULL,
        PRIMARY KEY (round_id, class_id)) STRICT""",
)

SECOND = (
    # an image without a near-duplicate has no row; first_id: the lowest of its group
    """CREATE TABLE twin (
        image_id INTEGER PRIMARY KEY REFERENCES image, first_id INTEGER NOT NULL REFERENCES image,
        test_id INTEGER REFERENCES image) STRICT""",
    "CREATE INDEX twin_first ON twin (first_id)",
    """CREATE TABLE twin_search (
        id INTEGER PRIMARY KEY CHECK (id = 1), images INTEGER NOT NULL) STRICT""",
    # picked: an expert put it at the front, so a new order leaves it there
    "ALTER TABLE queue ADD COLUMN picked INTEGER NOT NULL DEFAULT 0",
)


JOB = """CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('prepare', 'round')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
    params TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, worker TEXT,
    lease_until REAL NOT NULL DEFAULT 0, progress REAL NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '', cancel_requested INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, started REAL, finished REAL, error TEXT) STRICT"""
JOB_COLUMNS = """id, kind, params, attempt, worker, lease_until, progress, message,
    cancel_requested, created, started, finished, error"""

THIRD = (
    "DROP VIEW current_label",  # each connection has its own, from the code
    "ALTER TABLE event DROP COLUMN suggestion_shown",  # nothing ever wrote it
    "ALTER TABLE twin RENAME TO near_duplicate",
    "ALTER TABLE twin_search RENAME TO near_duplicate_search",
    # drawn: by even chance alone, so that nobody can tell it from a test image
    "ALTER TABLE queue ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0",
    "UPDATE queue SET drawn = 1 WHERE reason = 'chosen at random'",
    # A CHECK can only be changed with its table. The sequence outlives it: no id is given twice
    "PRAGMA defer_foreign_keys = ON",
    "CREATE TEMP TABLE old_job AS SELECT * FROM job",
    "CREATE TEMP TABLE old_sequence AS SELECT seq FROM sqlite_sequence WHERE name = 'job'",
    "DROP TABLE job",
    JOB,
    f"""INSERT INTO job ({JOB_COLUMNS}, state)
        SELECT {JOB_COLUMNS}, replace(state, 'cancelled', 'canceled') FROM old_job""",
    "DELETE FROM sqlite_sequence WHERE name = 'job'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'job', seq FROM old_sequence",
    "DROP TABLE old_job",
    "DROP TABLE old_sequence",
    "CREATE UNIQUE INDEX job_one_active ON job (kind) WHERE state IN ('queued', 'running')",
)
