"""Starting the worker: a fresh interpreter of its own, never a fork and never a thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from annotator.errors import StoreError
from annotator.project import Workspace, private
from annotator.project.log import rotated
from annotator.service.opened import Opened
from annotator.store import Store
from annotator.upkeep.workers import SILENT_SECONDS, bury_dead

HUNG_SECONDS = 90.0  # a child that lives but says nothing for this long is ended: it is stopped
PATIENCE_SECONDS = 10.0  # for a child that was told to end


class Launcher:
    """Keeps one worker process of this workspace alive on request."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root = root
        self.store = store
        self._lock = threading.RLock()
        self._child: subprocess.Popen[bytes] | None = None
        self._sign: tuple[float, float] = (0.0, 0.0)  # the last heartbeat seen, and when it was new

    def running(self) -> bool:
        """Whether any worker, of this process or another, has been heard of lately."""
        with self._lock:
            if self._child is not None and self._lives(self._child):
                return True
            ended = {}
            if self._child is not None:
                ended = {self._child.pid: self._child.returncode}
            bury_dead(self.store, ended)
            self._child = None
        now = time.time()  # one heard of in the future was, before the clock was put back
        return any(
            abs(now - worker.heartbeat) <= SILENT_SECONDS for worker in self.store.workers.all()
        )

    def _lives(self, child: subprocess.Popen[bytes]) -> bool:
        """Whether the child runs; one that does but says nothing any more is ended."""
        if child.poll() is not None:
            return False
        beats = [each.heartbeat for each in self.store.workers.all() if each.pid == child.pid]
        heard, now = max(beats, default=0.0), time.monotonic()  # which a sleeping machine stops
        if heard != self._sign[0]:
            self._sign = (heard, now)
        if not heard or now - self._sign[1] < HUNG_SECONDS:  # a busy machine starts it slowly
            self.store.jobs.cancel_silent()
            return True
        child.kill()
        child.wait()
        told = f"its worker lived but said nothing for {HUNG_SECONDS:.0f} seconds"
        for each in self.store.workers.all():
            if each.pid == child.pid:
                self.store.workers.bury(each.id, told)
        return False

    def ensure(self) -> None:
        """Start a worker unless one lives. It ends by itself, idle, once this process is gone."""
        with self._lock:
            if self.running():
                return
            command = [sys.executable, "-m", "annotator.worker", str(self.root)]
            rotated(self.root / "worker.log")
            with private.appending(self.root / "worker.log") as log:
                self._child = subprocess.Popen(
                    [*command, "--parent", str(os.getpid())],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C in the terminal must not cut a round short
                )
            self._sign = (0.0, time.monotonic())

    def stop(self) -> None:
        """End the worker that was started here, if any; its job is given back for the next one."""
        with self._lock:
            child, self._child = self._child, None
            if child is None or child.poll() is not None:
                return
            child.terminate()
            try:
                child.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:  # it is in the midst of something that cannot be cut
                child.kill()
                child.wait()
            with suppress(StoreError):  # of a lost database; whoever opens it next frees the job
                bury_dead(self.store, {child.pid: None})


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
