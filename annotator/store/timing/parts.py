"""The parts of each job as it goes, kept for the jobs that come after it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict

from annotator.model import Course, Part
from annotator.store.database import Database, Row
from annotator.store.jobs import Fence, Jobs

LATEST = 3  # jobs of which a part's usual rate is made
COLUMNS = "name, kind, amount, done, seconds, usual, remembered, course, lately, spare"


class JobParts:
    """The table of parts."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._jobs = Jobs(db)

    def report(
        self, fence: Fence, parts: Sequence[Part], progress: float, message: str, *, since: int = 0
    ) -> None:
        """Record how far the job is, and its parts from number `since` on.

        Raises:
            LostJob: another worker has the job.
        """
        now = time.time()
        with self.db.immediate():
            self._jobs.report(fence, progress, message)
            if not since:  # they may be others than those of an earlier attempt
                self.db.run("DELETE FROM job_part WHERE job_id = :id", {"id": fence.job_id})
            self.db.run_many(
                """INSERT OR REPLACE INTO job_part
                   VALUES (:job, :place, :name, :kind, :amount, :done, :seconds, :usual,
                           :remembered, :course, :at, :lately, :spare)""",
                [
                    asdict(part)
                    | {"job": fence.job_id, "place": place, "at": now}
                    | {"course": json.dumps(part.course)}
                    for place, part in enumerate(parts)
                    if place >= since
                ],
            )

    def of_job(self, job_id: int) -> tuple[tuple[Part, ...], float]:
        """The parts of a job in their order, and the unix seconds of its last news."""
        rows = self.db.rows(
            f"SELECT {COLUMNS}, at FROM job_part WHERE job_id = :id ORDER BY place", {"id": job_id}
        )
        at = max((row.pop("at") for row in rows), default=0.0)
        return tuple(map(_part, rows)), at

    def like(self, kind: str) -> tuple[float, Course] | None:
        """Seconds that one of a kind took in the newest jobs that did all of it, and its course.

        A job that was begun anew took some of it up where it had been left, and does not count.
        """
        rows = self.db.rows(
            """SELECT job_part.amount, job_part.seconds, job_part.course FROM job_part
               JOIN job ON job.id = job_part.job_id AND job.state = 'done' AND job.attempt = 1
               WHERE job_part.kind = :kind AND job_part.kind <> '' AND job_part.amount > 0
                 AND job_part.done >= job_part.amount
               ORDER BY job_part.job_id DESC LIMIT :n""",
            {"kind": kind, "n": LATEST},
        )
        if not rows:
            return None
        seconds, amount = (sum(row[name] for row in rows) for name in ("seconds", "amount"))
        return seconds / amount, _read(rows[0]["course"])


def _part(row: Row) -> Part:
    kept = {"remembered": bool(row["remembered"]), "course": _read(row["course"])}
    return Part(**row | kept)


def _read(saved: str) -> Course:
    return tuple(float(each) for each in json.loads(saved))
