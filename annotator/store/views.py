"""The label of an image: of what stands what a reviewer settled, else the last that counts."""

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


def stands(event: str, kind: str = "label") -> str:
    """The condition that an event was there at :watermark, and that no undo had taken it back."""
    indexed = "" if kind == "label" else f"{event}.kind <> 'label' AND "  # as the index has it
    return f"""{indexed}{event}.kind = '{kind}' AND {event}.id <= :watermark AND NOT EXISTS (
        SELECT 1 FROM event AS taken
        WHERE taken.undoes = {event}.id AND taken.id <= :watermark)"""


def outdone(kind: str, by: str = "") -> str:
    """The condition that an event of this kind, perhaps of one person, came later and stands.

    What is later by the time of its press counts, whenever it arrived: so one that was pressed
    before another person's does not replace it. What arrives after :watermark changes nothing.
    """
    return _stronger(kind, "(later.pressed, later.id) > (event.pressed, event.id)", by)


def decides(kind: str) -> str:
    """The condition that an event, a label or an unclear one, is the last word on its image.

    That is a class, or that nobody can tell it. What a reviewer settles outranks what is pressed
    later, whatever it says; nobody settles that an image cannot be told. An answer to an image that
    was asked once more counts for less than the one that was there. Else what came later is.
    """
    outranked = (
        _stronger(other, f"{_rank('later')} > {_rank('event')}") for other in ("label", "unclear")
    )
    return f"{stands('event', kind)} AND NOT {' AND NOT '.join(outranked)}"


def _rank(event: str) -> str:
    return f"({event}.weight, {event}.pressed, {event}.id)"


def _stronger(kind: str, than: str, by: str = "") -> str:
    return f"""EXISTS (SELECT 1 FROM event AS later
        WHERE later.image_id = event.image_id {by} AND {than} AND {stands("later", kind)})"""


LAST = decides("label")
TOLD = """event.annotator, event.pressed AS at, event.reason, event.source, event.seconds,
        event.propensity, event.suggestion_shown, event.again"""

# Of any class, as it stood when event :watermark had been written
ANY_LABELS_AS_OF = f"SELECT event.image_id, event.class_id, {TOLD} FROM event WHERE {LAST}"

# CROSS JOIN: from events to their classes. The other way round each class would look for its own
LABELS_AS_OF = f"""SELECT event.image_id, class_now.now AS class_id, {TOLD}
    FROM event CROSS JOIN class_now ON class_now.id = event.class_id WHERE {LAST}"""

# Images that an audit drew which had not ended at :watermark: their labels teach nothing until then
AUDITED = """SELECT audit_row.image_id FROM audit_row
    LEFT JOIN audit_end ON audit_end.audit_id = audit_row.audit_id
    WHERE audit_end.watermark IS NULL OR audit_end.watermark > :watermark"""

# Guesses that somebody looked at and turned down, and has not taken that back
# of what the class counts as
REJECTED = """SELECT no.image_id, was.now AS class_id FROM event AS no
        CROSS JOIN class_now AS was ON was.id = no.class_id WHERE no.kind = 'reject'
        AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = no.id)"""

# The images that somebody could not tell, which leave the queue for good
UNCLEAR_AS_OF = f"""SELECT event.image_id, event.note AS why, {TOLD} FROM event
    WHERE {decides("unclear")}"""

# The images that somebody put off, and that nobody has answered since
SKIPPED_AS_OF = f"""SELECT event.image_id, event.annotator, event.pressed AS at FROM event
    WHERE {stands("event", "skip")} AND NOT {outdone("skip")}
      AND NOT EXISTS (SELECT 1 FROM event AS given
                      CROSS JOIN class_now ON class_now.id = given.class_id
                      WHERE given.image_id = event.image_id AND {stands("given")})
      AND event.image_id NOT IN (SELECT image_id FROM ({UNCLEAR_AS_OF}))"""

SAME = "AND later.annotator = event.annotator"
# What each person has marked, and what each has noted last
FLAGS_AS_OF = f"""SELECT DISTINCT event.image_id, event.annotator FROM event
    WHERE {stands("event", "flag")}"""
NOTES_AS_OF = f"""SELECT event.image_id, event.annotator, event.note, event.pressed AS at FROM event
    WHERE {stands("event", "note")} AND event.note <> '' AND NOT {outdone("note", SAME)}"""

# What round :round says of pool images that no expert has answered or put off, from :threshold on,
# unless somebody has said that it is not that
PSEUDO_LABELS = f"""SELECT image_id, class_now.now AS class_id, confidence, entropy, shares,
        distance
    FROM prediction CROSS JOIN class_now ON class_now.id = class_id
    WHERE round_id = :round AND model = 'ssl' AND confidence >= :threshold
      AND image_id NOT IN (SELECT id FROM image WHERE split < 'pool' OR split > 'pool')
      AND image_id NOT IN (SELECT image_id FROM current_label)
      AND (image_id, class_now.now) NOT IN ({REJECTED})
      AND image_id NOT IN (SELECT image_id FROM unclear_image)
      AND image_id NOT IN (SELECT image_id FROM skipped_image)"""


def view(name: str, query: str) -> str:
    """The statement that makes a view of how things stand now."""
    return f"CREATE TEMP VIEW {name} AS {query}".replace(":watermark", str(FOREVER))


# Every connection makes them anew, so each is written once and never older than the code that
# reads it
VIEWS = (
    CLASS_NOW,
    view("current_label", LABELS_AS_OF),
    view("unclear_image", UNCLEAR_AS_OF),
    view("skipped_image", SKIPPED_AS_OF),
    view("flag_now", FLAGS_AS_OF),
    view("note_now", NOTES_AS_OF),
)
