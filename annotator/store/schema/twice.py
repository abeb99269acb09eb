"""Images that are asked once more: of a second person, or of the one who has answered already."""

from __future__ import annotations

TWICE = (
    # What a question was that an answer is to: '' of an open image, a second person's, or one's own
    # come back. The queue says it of what waits
    """ALTER TABLE event ADD COLUMN again TEXT NOT NULL DEFAULT ''
        CHECK (again IN ('', 'second', 'own'))""",
    """ALTER TABLE queue ADD COLUMN again TEXT NOT NULL DEFAULT ''
        CHECK (again IN ('', 'second', 'own'))""",
    # An answer that settles outranks what anybody presses after it, and one to an image that had an
    # answer already never takes that one's place
    "DROP INDEX event_label",
    "ALTER TABLE event DROP COLUMN settles",
    """ALTER TABLE event ADD COLUMN weight INTEGER GENERATED ALWAYS AS
        ((source = 'adjudicated') - (again <> '' AND source <> 'adjudicated')) VIRTUAL""",
    """CREATE INDEX event_label ON event (image_id, weight, pressed, id, class_id, annotator, again)
        WHERE kind = 'label'""",
    # What may be asked once more, kept beside the log so that no question waits for a look through
    # it. person: who has answered; event_id: the answer
    """CREATE TABLE ask_twice (
        kind TEXT NOT NULL CHECK (kind IN ('second', 'own')), person TEXT NOT NULL,
        event_id INTEGER NOT NULL REFERENCES event, image_id INTEGER NOT NULL REFERENCES image,
        PRIMARY KEY (kind, person, event_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX ask_twice_image ON ask_twice (image_id)",
)
