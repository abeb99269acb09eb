"""Labels that a round doubts, and how far an image lies from all that is labeled."""

from __future__ import annotations

DOUBTS = (
    # label_id: the class of the label; class_id: what is said instead; own: how likely the label is
    """CREATE TABLE doubted (
        round_id INTEGER NOT NULL REFERENCES round, image_id INTEGER NOT NULL REFERENCES image,
        label_id INTEGER NOT NULL REFERENCES class, class_id INTEGER NOT NULL REFERENCES class,
        confidence REAL NOT NULL, own REAL NOT NULL,
        PRIMARY KEY (round_id, image_id)) STRICT, WITHOUT ROWID""",
    # 1 - cosine to the nearest labeled image, where it was worked out
    "ALTER TABLE prediction ADD COLUMN distance REAL",
)
