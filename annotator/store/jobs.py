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
from annotator.project.log import request_id
from annotator.store.database import Database, Row

LEASE_SECONDS = 15.0  # a worker that is silent this long is taken for dead
MOST_ATTEMPTS = 3  # that end without a word, before a job has failed for good
SILENT = f"its worker was not heard of for {LEASE_SECONDS:.0f} seconds"
# A lease that would last for longer was given by a clock that has been put back since: it is none
GONE = f"lease_until NOT BETWEEN :now AND :now + {2 * LEASE_SECONDS:.0f}"
REQUEST = "request"  # travels among the params: for the log, not for the work


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
                {
                    "kind": kind,
                    "params": json.dumps({**params, REQUEST: request_id()}),
                    "now": time.time(),
                },
            )
        except sqlite3.IntegrityError:
            raise RoundError(
                f"A {kind} is waiting or running already. Wait for it, or cancel it: on Rounds, or "
                "with `certilabel cancel WORKSPACE`. Where no worker runs, `certilabel work "
                "WORKSPACE --once` does it."
            ) from None
        assert row
        return _job(row)

    def claim(self, worker: str) -> Job | None:
        """Take the oldest job that waits, or whose worker fell silent; None if there is none."""
        now = time.time()
        with self.db.immediate():
            self._died(GONE, {"now": now}, SILENT)
            row = self.db.row(
                """UPDATE job SET state = 'running', attempt = attempt + 1, worker = :worker,
                       lease_until = :until, started = COALESCE(started, :now), error = NULL
                   WHERE id = (SELECT id FROM job WHERE state = 'queued' ORDER BY id LIMIT 1)
                   RETURNING *""",
                {"worker": worker, "until": now + LEASE_SECONDS, "now": now},
            )
        return _job(row) if row else None

    def bury(self, worker: str, reason: str | None) -> None:
        """Free at once what a worker held that is gone; with a `reason` if it had not meant to.

        A job that was to be canceled is; one that lost its worker too often has failed for good.
        """
        if reason is not None:
            self._died("worker = :worker", {"worker": worker}, reason)
            return
        self.db.run(
            """UPDATE job SET lease_until = 0,
                 state = CASE WHEN cancel_requested THEN 'canceled' ELSE 'queued' END,
                 finished = CASE WHEN cancel_requested THEN :at END
               WHERE state = 'running' AND worker = :worker""",
            {"worker": worker, "at": time.time()},
        )

    def release(self, fence: Fence, reason: str | None = None) -> None:
        """Give a job back, to be gone on with; with a `reason` if that was a failed attempt.

        Raises:
            LostJob: another worker has it.
        """
        with self.db.immediate():
            self.check(fence)
            worker = self.db.value("SELECT worker FROM job WHERE id = :id", {"id": fence.job_id})
            self.bury(worker, reason)

    def cancel_silent(self) -> None:
        """End the jobs that were to be canceled and whose worker no longer says anything."""
        now = {"now": time.time()}
        which = f"state = 'running' AND cancel_requested AND {GONE}"
        if self.db.value(f"SELECT 1 FROM job WHERE {which}", now):  # most often there is none
            self.db.run(f"UPDATE job SET state = 'canceled', finished = :now WHERE {which}", now)

    def _died(self, which: str, values: Mapping[str, Any], reason: str) -> None:
        """Note that the workers of these jobs are gone, and what becomes of each job."""
        gone = self.db.run(
            f"""UPDATE job SET deaths = deaths + 1, lease_until = 0, error = :reason,
                  state = CASE WHEN cancel_requested THEN 'canceled'
                               WHEN deaths + 1 < :most THEN 'queued' ELSE 'failed' END
                WHERE state = 'running' AND {which}""",
            {**values, "reason": reason, "most": MOST_ATTEMPTS},
        )
        if not gone:
            return
        self.db.run(
            """UPDATE job
               SET message = 'attempt ' || (deaths + 1) || ' of ' || :most || ': ' || error
               WHERE state = 'queued' AND error IS NOT NULL""",
            {"most": MOST_ATTEMPTS},
        )
        self.db.run(
            """UPDATE job SET finished = :now,
                 error = CASE state WHEN 'failed' THEN
                   'Given up after ' || deaths || ' attempts; at the last, ' || error || '.' END
               WHERE state IN ('failed', 'canceled') AND finished IS NULL""",
            {"now": time.time()},
        )

    def beat(self, fence: Fence) -> None:
        """Prolong the lease, as every other write of its holder does too.

        Raises:
            LostJob: another worker has the job.
        """
        self._fenced(fence, "worker = worker", {})

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
        """Prove that the fence holds, and prolong the lease. Call it inside what it guards.

        Nobody can take a job over before the transaction ends: it has the write lock.

        Raises:
            LostJob: another worker has the job.
        """
        self.beat(fence)

    def _fenced(self, fence: Fence, assignments: str, values: Mapping[str, Any]) -> None:
        changed = self.db.run(
            f"""UPDATE job SET lease_until = :until, {assignments}
                WHERE id = :id AND attempt = :attempt AND state = 'running'""",
            {
                **values,
                "until": time.time() + LEASE_SECONDS,
                "id": fence.job_id,
                "attempt": fence.attempt,
            },
        )
        if not changed:
            raise LostJob(f"job {fence.job_id} is no longer attempt {fence.attempt}'s")

    def cancel(self, job_id: int) -> None:
        """Ask the worker to stop; a job that nobody runs ends at once."""
        now = time.time()
        with self.db.immediate():
            self.db.run("UPDATE job SET cancel_requested = 1 WHERE id = :id", {"id": job_id})
            self.db.run(
                f"""UPDATE job SET state = 'canceled', finished = :now
                    WHERE id = :id AND (state = 'queued' OR (state = 'running' AND {GONE}))""",
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
    params = json.loads(row["params"])
    request = str(params.pop(REQUEST, ""))
    return Job(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        params=params,
        attempt=row["attempt"],
        progress=row["progress"],
        message=row["message"],
        started=row["started"],
        finished=row["finished"],
        error=row["error"],
        cancel_requested=bool(row["cancel_requested"]),
        request=request,
    )
