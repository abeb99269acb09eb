"""Background work: claimed by one statement, fenced by attempt, taken over when its worker dies."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from annotator.errors import RoundError
from annotator.model import Job, JobKind
from annotator.store.database import Database, Row

LEASE_SECONDS = 15.0  # a worker that is silent this long is taken for dead


@dataclass(frozen=True, slots=True)
class Fence:
    """Proof that a worker still owns a job: the job and the attempt it was claimed with."""

    job_id: int
    attempt: int


class LostJob(Exception):
    """Another worker has taken the job over, or it was ended; nothing more may be written."""


class Jobs:
    """The table of jobs."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, kind: JobKind, params: Mapping[str, Any]) -> Job:
        """Queue a job; only one of a kind may wait or run.

        Raises:
            RoundError: one does.
        """
        try:
            row = self.db.row(
                """INSERT INTO job (kind, state, params, created)
                   VALUES (:kind, 'queued', :params, :now) RETURNING *""",
                {"kind": kind, "params": json.dumps(params), "now": time.time()},
            )
        except sqlite3.IntegrityError:
            raise RoundError(
                f"A {kind} is waiting or running already. Wait for it or cancel it first."
            ) from None
        assert row
        return _job(row)

    def claim(self, worker: str) -> Job | None:
        """Take the oldest job that waits or whose worker died; None if there is none."""
        now = time.time()
        with self.db.immediate():
            row = self.db.row(
                """UPDATE job SET state = 'running', attempt = attempt + 1, worker = :worker,
                       lease_until = :until, started = COALESCE(started, :now)
                   WHERE id = (SELECT id FROM job WHERE state = 'queued'
                               OR (state = 'running' AND lease_until NOT BETWEEN :now AND :latest)
                               ORDER BY id LIMIT 1)
                   RETURNING *""",
                {
                    "worker": worker,
                    "until": now + LEASE_SECONDS,
                    "now": now,
                    "latest": now + 2 * LEASE_SECONDS,  # else of a clock that was put back since
                },
            )
        return _job(row) if row else None

    def beat(self, fence: Fence) -> None:
        """Prolong the lease.

        Raises:
            LostJob: another worker has the job.
        """
        self._fenced(fence, "lease_until = :until", {"until": time.time() + LEASE_SECONDS})

    def report(self, fence: Fence, progress: float, message: str) -> None:
        """Record how far the work is, 0 to 1.

        Raises:
            LostJob: another worker has the job.
        """
        values = {"progress": progress, "message": message}
        self._fenced(fence, "progress = :progress, message = :message", values)

    def finish(
        self, fence: Fence, state: Literal["done", "failed", "canceled"], error: str | None = None
    ) -> None:
        """End the job.

        Raises:
            LostJob: another worker has it.
        """
        self._fenced(
            fence,
            "state = :state, error = :error, finished = :now",
            {"state": state, "error": error, "now": time.time()},
        )

    def check(self, fence: Fence) -> None:
        """See that the fence still holds. Call it inside the transaction it guards.

        Raises:
            LostJob: another worker has the job.
        """
        held = self.db.value(
            "SELECT 1 FROM job WHERE id = :id AND attempt = :attempt AND state = 'running'",
            {"id": fence.job_id, "attempt": fence.attempt},
        )
        if not held:
            raise LostJob(f"job {fence.job_id} is no longer attempt {fence.attempt}'s")

    def _fenced(self, fence: Fence, assignments: str, values: Mapping[str, Any]) -> None:
        changed = self.db.run(
            f"""UPDATE job SET {assignments}
                WHERE id = :id AND attempt = :attempt AND state = 'running'""",
            {**values, "id": fence.job_id, "attempt": fence.attempt},
        )
        if not changed:
            raise LostJob(f"job {fence.job_id} is no longer attempt {fence.attempt}'s")

    def cancel(self, job_id: int) -> None:
        """Ask the worker to stop; a job that nobody runs ends at once."""
        now = time.time()
        with self.db.immediate():
            self.db.run("UPDATE job SET cancel_requested = 1 WHERE id = :id", {"id": job_id})
            self.db.run(
                """UPDATE job SET state = 'canceled', finished = :now
                   WHERE id = :id AND (state = 'queued'
                                       OR (state = 'running' AND lease_until < :now))""",
                {"id": job_id, "now": now},
            )

    def cancel_requested(self, job_id: int) -> bool:
        """Whether the user asked to stop the job."""
        return bool(
            self.db.value("SELECT cancel_requested FROM job WHERE id = :id", {"id": job_id})
        )

    def active(self) -> Job | None:
        """The job that runs, else the one that waits. One look into a partial index."""
        row = self.db.row(
            """SELECT * FROM job WHERE state IN ('queued', 'running')
               ORDER BY state = 'running' DESC, id LIMIT 1"""
        )
        return _job(row) if row else None

    def last(self, kind: JobKind | None = None) -> Job | None:
        """The newest job, of one kind or of any."""
        row = self.db.row(
            "SELECT * FROM job WHERE :kind IS NULL OR kind = :kind ORDER BY id DESC LIMIT 1",
            {"kind": kind},
        )
        return _job(row) if row else None


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        params=json.loads(row["params"]),
        attempt=row["attempt"],
        progress=row["progress"],
        message=row["message"],
        started=row["started"],
        finished=row["finished"],
        error=row["error"],
        cancel_requested=bool(row["cancel_requested"]),
    )
