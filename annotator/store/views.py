"""The label of an image: of what nobody took back what a reviewer settled last, else the last."""

from __future__ import annotations

FOREVER = 2**62  # a watermark above every event

# What a label of each class counts as: itself, or what it was merged into; none if that was removed
CLASS_NOW = """CREATE TEMP VIEW class_now AS
    WITH RECURSIVE way (id, now) AS (
        SELECT id, id FROM class
        UNION SELECT way.id, class.merged_into FROM way
        JOIN class ON class.id = way.now WHERE class.merged_into IS NOT NULL)
    SELECT way.id, way.now FROM way
    JOIN class ON class.id = way.now AND class.merged_into IS NULL AND class.removed IS NULL"""


def stands(event: str) -> str:
    """The condition that an event was there at :watermark, and that no undo had taken it back."""
    return f"""{event}.kind = 'label' AND {event}.id <= :watermark AND NOT EXISTS (
        SELECT 1 FROM event AS taken
        WHERE taken.undoes = {event}.id AND taken.id <= :watermark)"""


# What settles outranks what is pressed later. Among equals, what is later by the time of its press
# counts, whenever it arrived: so one that was pressed before another person's does not replace it.
# What arrives after :watermark changes nothing.
LAST = f"""{stands("event")} AND NOT EXISTS (
        SELECT 1 FROM event AS later
        WHERE later.image_id = event.image_id
          AND (later.settles, later.pressed, later.id)
            > (event.settles, event.pressed, event.id) AND {stands("later")})"""
TOLD = """event.annotator, event.pressed AS at, event.reason, event.source, event.seconds,
        event.propensity, event.suggestion_shown"""

# Of any class, as it stood when event :watermark had been written
ANY_LABELS_AS_OF = f"SELECT event.image_id, event.class_id, {TOLD} FROM event WHERE {LAST}"

# CROSS JOIN: from events to their classes. The other way round each class would look for its own
LABELS_AS_OF = f"""SELECT event.image_id, class_now.now AS class_id, {TOLD}
    FROM event CROSS JOIN class_now ON class_now.id = event.class_id WHERE {LAST}"""

# Guesses that somebody looked at and turned down, and has not taken that back
REJECTED = """SELECT image_id, class_id FROM event AS no WHERE kind = 'reject'
        AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = no.id)"""

# What round :round says of pool images that no expert has answered, from :threshold on, unless
# somebody has said that it is not that
PSEUDO_LABELS = f"""SELECT image_id, class_now.now AS class_id, confidence, entropy
    FROM prediction CROSS JOIN class_now ON class_now.id = class_id
    WHERE round_id = :round AND model = 'ssl' AND confidence >= :threshold
      AND image_id IN (SELECT id FROM image WHERE split = 'pool')
      AND image_id NOT IN (SELECT image_id FROM current_label)
      AND (image_id, class_id) NOT IN ({REJECTED})"""

# Every connection makes them anew, so each is written once and never older than the code that
# reads it
CURRENT_LABEL = f"CREATE TEMP VIEW current_label AS {LABELS_AS_OF}".replace(
    ":watermark", str(FOREVER)
)
VIEWS = (CLASS_NOW, CURRENT_LABEL)
