"""Answers that are no label: found by their image and by who gave them, and a guess kept apart."""

from __future__ import annotations

BESIDE = (
    """CREATE INDEX event_beside ON event (image_id, pressed, id, kind, annotator)
        WHERE kind <> 'label'""",
    "CREATE INDEX event_person ON event (annotator, id)",
    # Why an image is asked, without what a model takes it for, which is shown where that is wanted;
    # detail: the number behind the reason
    "ALTER TABLE queue ADD COLUMN guess TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE queue ADD COLUMN detail TEXT NOT NULL DEFAULT ''",
    """UPDATE queue SET guess = substr(reason, instr(reason, ', torn between ') + 2)
        WHERE instr(reason, ', torn between ')""",
    """UPDATE queue SET guess = substr(guess, 1, instr(guess || '; ', '; ') - 1),
                        reason = substr(reason, 1, instr(reason, ', torn between ') - 1)
                                 || substr(guess, instr(guess || '; ', '; '))
        WHERE guess <> ''""",
)
