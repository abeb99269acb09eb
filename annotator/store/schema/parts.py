"""The parts of a job: how much each had to do, and how long that took."""

from __future__ import annotations

# place: in the order of the job; usual: seconds for one, known before, and whether by earlier jobs;
# course: shares of the time, as JSON; at: of the last news
PARTS = (
    """CREATE TABLE job_part (
        job_id INTEGER NOT NULL REFERENCES job, place INTEGER NOT NULL, name TEXT NOT NULL,
        kind TEXT NOT NULL, amount REAL NOT NULL, done REAL NOT NULL, seconds REAL NOT NULL,
        usual REAL, remembered INTEGER NOT NULL, course TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (job_id, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX job_part_kind ON job_part (kind, job_id) WHERE kind <> ''",
)

# lately: seconds for one of late; spare: seconds that may come on top, while that is not settled
LATELY = (
    "ALTER TABLE job_part ADD COLUMN lately REAL",
    "ALTER TABLE job_part ADD COLUMN spare REAL NOT NULL DEFAULT 0",
)
