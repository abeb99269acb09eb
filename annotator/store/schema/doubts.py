"""What a round leaves to look through: labels it doubts, how far images lie, guesses in short."""

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

# Confident predictions of pool images, by what the round says, what its baseline says and what the
# round before said; 0 where that says nothing. A row of class 0 says that it was counted
COUNTED = (
    """CREATE TABLE guess_count (
        round_id INTEGER NOT NULL REFERENCES round, class_id INTEGER NOT NULL,
        baseline_id INTEGER NOT NULL, before_id INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (round_id, class_id, baseline_id, before_id)) STRICT, WITHOUT ROWID""",
)

# Predictions of pool images by what the round says and what another does: `baseline` has all of
# both, `before` those of which the round and the one before it are as sure as of pseudo-labels
PAIRED = (
    """CREATE TABLE pair_count (
        round_id INTEGER NOT NULL REFERENCES round,
        beside TEXT NOT NULL CHECK (beside IN ('baseline', 'before')),
        class_id INTEGER NOT NULL, other_id INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (round_id, beside, class_id, other_id)) STRICT, WITHOUT ROWID""",
)

# Of each order in which guesses are looked through those that come first in the newest round
ORDERED = (
    """CREATE TABLE first_guess (
        round_id INTEGER NOT NULL REFERENCES round, sorted_by TEXT NOT NULL,
        place REAL NOT NULL, image_id INTEGER NOT NULL REFERENCES image,
        PRIMARY KEY (round_id, sorted_by, place, image_id)) STRICT, WITHOUT ROWID""",
)
