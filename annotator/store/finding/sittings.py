"""When somebody was here before, and how much came in since then."""

from __future__ import annotations

from annotator.store.database import Database

BREAK_SECONDS = 3_600.0  # without an answer, after which the next one is of another sitting

# Not what came with a source: it may bear the name of a person who has never been here
OWN = "annotator = :who AND source <> 'imported'"


class Sittings:
    """Stretches of time in which a person answers, parted by breaks."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def before(self, person: str, now: float) -> float | None:
        """When the sitting before this one ended, in unix seconds; None if there was none.

        An answer within the last hour is of this one.
        """
        row = self.db.row(
            f"""SELECT MAX(at) AS last, MAX(CASE WHEN at - before > :pause THEN before END) AS ended
                FROM (SELECT pressed AS at, LAG(pressed) OVER (ORDER BY pressed) AS before
                      FROM event WHERE {OWN})""",
            {"who": person, "pause": BREAK_SECONDS},
        )
        last: float | None = row["last"] if row else None
        ended: float | None = row["ended"] if row else None
        return ended if last is not None and now - last <= BREAK_SECONDS else last

    def labels(self, since: float) -> dict[str, int]:
        """How many images each person has given a class since then, without blind repeats."""
        rows = self.db.rows(
            """SELECT annotator, COUNT(DISTINCT image_id) AS n FROM event
               WHERE kind = 'label' AND source <> 'imported' AND again <> 'own'
                 AND pressed > :since
               GROUP BY annotator""",
            {"since": since},
        )
        return {row["annotator"]: row["n"] for row in rows}

    def images(self, since: float) -> int:
        """How many images have come in since then."""
        found = self.db.value("SELECT COUNT(*) FROM image WHERE added > :since", {"since": since})
        return int(found or 0)
