"""Workers that died: a job whose worker's process is gone is free at once, with the reason."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Mapping

from annotator.project.leftovers import alive
from annotator.store import Store

SILENT_SECONDS = 10.0  # a worker that has not been heard of for this long does not live
LESS_MEMORY = (
    "set a smaller side or a smaller backbone on Settings, close other programs, or give the "
    "machine more memory"
)


def bury_dead(store: Store, ended: Mapping[int, int | None] | None = None) -> None:
    """Free the jobs of workers of this machine whose process is gone.

    Args:
        store: of the workspace.
        ended: processes that the caller had started and that are gone, each with its exit code;
            None for one that was told to end and so gives its job back in order.
    """
    ended = ended or {}
    for worker in store.workers.all():
        here = worker.host == socket.gethostname()
        if here and worker.pid in ended:
            code = ended[worker.pid]
            store.workers.bury(worker.id, None if code is None else reason(code))
        elif here and not alive(worker.pid):
            store.workers.bury(worker.id, reason(None))
        elif abs(time.time() - worker.heartbeat) > 100 * SILENT_SECONDS:
            store.workers.bury(worker.id, "its worker, on another machine, was not heard of again")
    store.jobs.cancel_silent()


def reason(code: int | None) -> str:
    """Why a worker's process ended, by its exit code where that is known, and what helps."""
    if code is None:
        return (
            "its worker ended without a word, as when it is killed because memory runs out; "
            f"if so, {LESS_MEMORY}"
        )
    if code == -signal.SIGKILL:
        return (
            "its worker was killed (signal 9), as the system does when memory runs out; "
            f"{LESS_MEMORY}"
        )
    if code < 0:
        return f"its worker crashed (signal {-code}); worker.log in the workspace may say where"
    return f"its worker ended with code {code}; worker.log in the workspace says why"
