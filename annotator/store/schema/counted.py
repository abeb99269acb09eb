"""How many guesses a round has to look through, counted once when it ends."""

from __future__ import annotations

# Confident predictions of pool images, by what the round says, what its baseline says and what the
# round before said; 0 where that says nothing. A row of class 0 says that it was counted
COUNTED = (
    """CREATE TABLE guess_count (
        round_id INTEGER NOT NULL REFERENCES round, class_id INTEGER NOT NULL,
        baseline_id INTEGER NOT NULL, before_id INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (round_id, class_id, baseline_id, before_id)) STRICT, WITHOUT ROWID""",
)
