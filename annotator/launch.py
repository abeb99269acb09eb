"""Starting the worker: a fresh interpreter of its own, never a fork and never a thread."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

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
    for worker in store.jobs.workers():
        gone = worker["host"] == socket.gethostname() and not alive(worker["pid"])
        if gone or worker["heartbeat"] < time.time() - 100 * SILENT_SECONDS:
            store.jobs.bury(worker["id"])


class Launcher:
    """Keeps one worker process of this workspace alive on request."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root = root
        self.store = store
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def running(self) -> bool:
        """Whether any worker, of this process or another, has been heard of lately."""
        if self._child is not None and self._child.poll() is None:
            return True
        bury_dead(self.store)
        oldest = time.time() - SILENT_SECONDS
        return any(worker["heartbeat"] >= oldest for worker in self.store.jobs.workers())

    def ensure(self) -> None:
        """Start a worker unless one lives. It ends by itself, idle, once this process is gone."""
        with self._lock:
            if self.running():
                return
            command = [sys.executable, "-m", "annotator.worker", str(self.root)]
            with (self.root / "worker.log").open("ab") as log:
                self._child = subprocess.Popen(
                    [*command, "--parent", str(os.getpid())],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C in the terminal must not cut a round short
                )

    def stop(self) -> None:
        """End the worker that was started here, if any; a job it has is taken over by the next."""
        with self._lock:
            if self._child is not None and self._child.poll() is None:
                self._child.terminate()
                self._child.wait()
            self._child = None
