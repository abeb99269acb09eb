"""The label of an image: the newest that nobody took back, of a class that still is one."""

from __future__ import annotations

FOREVER = 2**62  # a watermark above every event

# Versions up to 0.1 wrote whatever the browser's clock said, and the log is never changed
GIVEN_AT = "CASE WHEN event.at BETWEEN 0 AND event.received THEN event.at ELSE event.received END"

# Of any class, as it stood when event :watermark had been written
ANY_LABELS_AS_OF = f"""
    SELECT event.image_id, event.class_id, event.annotator, {GIVEN_AT} AS at, event.reason,
        event.source, event.seconds, event.propensity, event.suggestion_shown
    FROM event
    JOIN (SELECT MAX(id) AS id FROM event AS given
          WHERE kind = 'label' AND id <= :watermark
            AND NOT EXISTS (SELECT 1 FROM event AS taken
                            WHERE taken.undoes = given.id AND taken.id <= :watermark)
          GROUP BY image_id) AS latest ON latest.id = event.id"""

LABELS_AS_OF = f"""{ANY_LABELS_AS_OF}
    JOIN class ON class.id = event.class_id AND class.removed IS NULL"""

# Every connection makes it anew, so it is written once and never older than the code that reads it
CURRENT_LABEL = f"CREATE TEMP VIEW current_label AS {LABELS_AS_OF}".replace(
    ":watermark", str(FOREVER)
)
