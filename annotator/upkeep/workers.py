"""Workers that died: a job whose worker's process is gone is free at once."""

from __future__ import annotations

import os
import socket
import time

from annotator.store import Store

SILENT_SECONDS = 10.0  # a worker that has not been heard of for this long does not live


def alive(pid: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def bury_dead(store: Store) -> None:
    """Free the jobs of workers of this machine whose process is gone."""
    for worker in store.workers.all():
        gone = worker.host == socket.gethostname() and not alive(worker.pid)
        if gone or abs(time.time() - worker.heartbeat) > 100 * SILENT_SECONDS:
            store.workers.bury(worker.id)
