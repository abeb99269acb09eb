"""How many guesses are left: what a round said as it ended, less what was decided since.

Going through all predictions of a million images takes seconds, and a page asks for the number
after each decision. What a round says never changes, and few of its images have been decided on.
"""

from __future__ import annotations

from annotator.model import GuessesAmong
from annotator.store.database import Database
from annotator.store.views import AUDITED, FOREVER, REJECTED

# The round before :round
FORMER = "(SELECT MAX(id) FROM round WHERE id < :round AND finished IS NOT NULL)"

AMONG: dict[GuessesAmong, str] = {
    "all": "1",
    "models": "plain_now.now <> own.now",
    "rounds": "former_now.now <> own.now",
}

# All of a class as it counts now
SAID = """SELECT COALESCE(SUM(n), 0) FROM guess_count AS counted
    JOIN class_now AS own ON own.id = counted.class_id
    LEFT JOIN class_now AS plain_now ON plain_now.id = counted.baseline_id
    LEFT JOIN class_now AS former_now ON former_now.id = counted.before_id
    WHERE counted.round_id = :round AND (:class IS NULL OR own.now = :class) AND ({among})"""

# All of each class
SURE = """SELECT own.now AS class_id, SUM(n) AS n FROM guess_count AS counted
    JOIN class_now AS own ON own.id = counted.class_id
    WHERE counted.round_id = :round GROUP BY own.now"""

# Images about which something was said since, and those that somebody is asked about besides
TOLD_OF = """SELECT image_id FROM current_label UNION SELECT image_id FROM unclear_image
    UNION SELECT image_id FROM skipped_image"""
TOUCHED = f"{TOLD_OF} UNION {AUDITED.replace(':watermark', str(FOREVER))}"

# What the baseline and the round before say of a guess
BESIDE = f"""LEFT JOIN prediction AS plain ON plain.round_id = :round AND plain.model = 'baseline'
        AND plain.image_id = guess.image_id
    LEFT JOIN class_now AS plain_now ON plain_now.id = plain.class_id
    LEFT JOIN prediction AS former ON former.model = 'ssl' AND former.image_id = guess.image_id
        AND former.round_id = {FORMER}
    LEFT JOIN class_now AS former_now ON former_now.id = former.class_id"""


def _guesses(images: str, beside: str = "") -> str:
    """A round's confident guesses about these images, and those that were turned down."""
    return f"""FROM ({images} UNION SELECT image_id FROM ({REJECTED})) AS touched
    CROSS JOIN prediction AS guess ON guess.round_id = :round AND guess.model = 'ssl'
        AND guess.image_id = touched.image_id
    CROSS JOIN image ON image.id = touched.image_id AND image.split = 'pool'
    JOIN class_now AS own ON own.id = guess.class_id {beside}
    WHERE guess.confidence >= :threshold
      AND (touched.image_id IN ({images}) OR (touched.image_id, own.now) IN ({REJECTED}))"""


# Of all those that are decided; of each class those that are pseudo-labels no more
DECIDED = f"""SELECT COUNT(*) {_guesses(TOUCHED, BESIDE)}
    AND (:class IS NULL OR own.now = :class) AND ({{among}})"""
TAKEN = f"SELECT own.now AS class_id, COUNT(*) AS n {_guesses(TOLD_OF)} GROUP BY own.now"


def _counted(db: Database, number: int) -> bool:
    """Whether a round's guesses were counted as it ended: an earlier version did not."""
    counted = "SELECT 1 FROM guess_count WHERE round_id = :round"
    return bool(db.value(counted, {"round": number}))


def sure_by_class(db: Database, number: int, threshold: float) -> dict[int, int] | None:
    """How many images a round pseudo-labels now, by class; None where they were not counted.

    Args:
        db: of the workspace.
        number: of the round.
        threshold: its own.
    """
    values = {"round": number, "threshold": threshold}
    if not _counted(db, number):
        return None
    found = {row["class_id"]: row["n"] for row in db.rows(SURE, values)}
    for row in db.rows(TAKEN, values):
        found[row["class_id"]] -= row["n"]
    return {class_id: n for class_id, n in found.items() if n}


def left(
    db: Database, number: int, threshold: float, among: GuessesAmong, class_id: int | None
) -> int | None:
    """How many pseudo-labels of a round nobody has decided on; None where they were not counted.

    Args:
        db: of the workspace.
        number: of the round.
        threshold: its own.
        among: of all, or of those that something contradicts.
        class_id: that they say; None: any.
    """
    values = {"round": number, "threshold": threshold, "class": class_id}
    if not _counted(db, number):
        return None
    said = db.value(SAID.format(among=AMONG[among]), values)
    decided = db.value(DECIDED.format(among=AMONG[among]), values)
    return int(said) - int(decided)
