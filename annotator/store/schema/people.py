"""What several people at one workspace need: who has which page open, and whose answer settles."""

from __future__ import annotations

PEOPLE = (
    # A row while a page is open and heard of. shown: what it has on the screen; turn: a number that
    # grows from message to message, also over a reload
    """CREATE TABLE open_page (
        client TEXT PRIMARY KEY, annotator TEXT NOT NULL, shown INTEGER,
        turn REAL NOT NULL, until REAL NOT NULL) STRICT""",
    # An adjudicated answer outranks what anybody presses after it
    """ALTER TABLE event ADD COLUMN settles INTEGER GENERATED ALWAYS AS
        (source = 'adjudicated') VIRTUAL""",
    "DROP INDEX event_label",
    """CREATE INDEX event_label ON event (image_id, settles, pressed, id, class_id, annotator)
        WHERE kind = 'label'""",
)
