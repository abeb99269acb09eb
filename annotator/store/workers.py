"""Workers: the processes that do jobs, and when each was last heard of."""

from __future__ import annotations

import time

from annotator.model import WorkerSeen
from annotator.store.database import Database
from annotator.store.jobs import Jobs


class Workers:
    """The table of workers that live, or did a moment ago."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def register(self, worker: str, pid: int, host: str) -> None:
        """Write that a worker lives; call again to keep it alive."""
        self.db.run(
            """INSERT INTO worker VALUES (:id, :pid, :host, :now, :now)
               ON CONFLICT (id) DO UPDATE SET heartbeat = :now""",
            {"id": worker, "pid": pid, "host": host, "now": time.time()},
        )

    def unregister(self, worker: str) -> None:
        """Write that a worker has ended."""
        self.db.run("DELETE FROM worker WHERE id = :id", {"id": worker})

    def all(self) -> list[WorkerSeen]:
        """The workers, oldest first; one that was killed stays until it is buried."""
        rows = self.db.rows("SELECT id, pid, host, heartbeat FROM worker ORDER BY started")
        return [WorkerSeen(**row) for row in rows]

    def bury(self, worker: str, reason: str | None) -> None:
        """Take a worker that is gone off the list and free its jobs, as `Jobs.bury` says."""
        with self.db.immediate():
            Jobs(self.db).bury(worker, reason)
            self.unregister(worker)
