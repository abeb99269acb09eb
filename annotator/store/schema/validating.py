"""Images that say how sure a model may be: a third thing that an image can be for."""

from __future__ import annotations

# A list of what a column may be cannot be changed in place, and its table is one that most others
# point at: so another column takes its place. All images keep what they are for
VALIDATING = (
    """ALTER TABLE image ADD COLUMN is_for TEXT NOT NULL DEFAULT 'pool'
        CHECK (is_for IN ('pool', 'val', 'test'))""",
    "UPDATE image SET is_for = split",
    "DROP INDEX image_draw",
    "ALTER TABLE image DROP COLUMN split",
    "ALTER TABLE image RENAME COLUMN is_for TO split",
    "CREATE INDEX image_draw ON image (split, draw)",
)
