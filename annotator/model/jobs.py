"""Background work: jobs and the workers that do them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

JobKind = Literal["prepare", "round"]
JobState = Literal["queued", "running", "done", "failed", "canceled"]


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of background work. `attempt` fences every write of the worker that holds it."""

    id: int
    kind: JobKind
    state: JobState
    params: dict[str, Any]
    attempt: int
    progress: float  # 0 to 1
    message: str
    started: float | None
    finished: float | None
    error: str | None
    cancel_requested: bool
    request: str = ""  # id of the request that asked for it, for the log

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker process, and when it was last heard of."""

    id: str
    pid: int
    host: str
    heartbeat: float  # unix seconds, UTC
