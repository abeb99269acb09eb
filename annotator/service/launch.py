"""Starting the worker: a fresh interpreter of its own, never a fork and never a thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from annotator.project import Workspace
from annotator.service.opened import Opened
from annotator.store import Store
from annotator.upkeep.workers import SILENT_SECONDS, bury_dead


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
        now = time.time()  # one heard of in the future was, before the clock was put back
        return any(
            abs(now - worker.heartbeat) <= SILENT_SECONDS for worker in self.store.workers.all()
        )

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


class Launch(Opened):
    """The worker beside an opened workspace."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._launcher = Launcher(workspace.root, self.store)

    def worker_alive(self) -> bool:
        """Whether any worker has been heard of lately."""
        return self._launcher.running()

    def ensure_worker(self) -> None:
        """Start a worker unless one lives."""
        self._launcher.ensure()

    def close(self) -> None:
        """Close the database and end the worker started here; the next one resumes its job."""
        self._launcher.stop()
        self.store.db.close()
