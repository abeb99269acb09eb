"""The worker: claim a job, run it, record its events, finish. A process of its own."""

from __future__ import annotations

import os
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from annotator.errors import AnnotatorError
from annotator.model import Job
from annotator.project import Workspace, private
from annotator.store import Fence, LostJob, Store
from annotator.upkeep.cleanup import clear
from annotator.upkeep.workers import bury_dead

# Torch's threads must sleep, not spin, while they wait for each other: beside a browser or another
# training on the same cores, spinning made a step ten to twenty times slower. Read as torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

BEAT_SECONDS = 2.0
POLL_SECONDS = 0.3


class Worker:
    """Takes jobs of one workspace, one at a time."""

    def __init__(self, workspace: Workspace, parent: int | None = None) -> None:
        self.workspace = workspace
        self.store = Store(workspace.database)
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.parent = parent
        self._fence: Fence | None = None

    @classmethod
    def open(cls, root: Path, parent: int | None = None) -> Worker:
        """A worker of the workspace in a folder; without its `parent` it ends once it is idle.

        Raises:
            WorkspaceError: the folder is no workspace.
        """
        return cls(Workspace.open(root), parent)

    def run(self, *, once: bool = False) -> bool:
        """Work until told otherwise; with `once`, do one job, or none, and say whether it did."""
        with private.everything(), self._heart():
            clear(self.workspace, self.store)  # an earlier worker may have died before it could
            while not self._orphaned():
                bury_dead(self.store)
                job = self.store.jobs.claim(self.id)
                if job:
                    self._do(job)
                    clear(self.workspace, self.store)
                if once:
                    return job is not None
                if not job:
                    time.sleep(POLL_SECONDS)
        return False

    def _orphaned(self) -> bool:
        """Whether the app that started this worker is gone."""
        return self.parent is not None and os.getppid() != self.parent

    def _do(self, job: Job) -> None:
        # Imported here: a worker without work is there at once and stays small
        from annotator.rounds.perform import Canceled, perform

        fence = self._fence = Fence(job.id, job.attempt)
        try:
            perform(self.workspace, self.store, job, fence)
        except LostJob:
            return
        except Canceled:
            self._finish(fence, "canceled")
        except AnnotatorError as error:
            self._finish(fence, "failed", str(error))
        except Exception as error:
            traceback.print_exc()
            told = f"{type(error).__name__}: {error}. The full report is in worker.log."
            self._finish(fence, "failed", told)
        finally:
            self._fence = None

    def _finish(
        self, fence: Fence, state: Literal["canceled", "failed"], error: str | None = None
    ) -> None:
        """End a job, unless another worker has it by now."""
        with suppress(LostJob):
            self.store.jobs.finish(fence, state, error)

    @contextmanager
    def _heart(self) -> Iterator[None]:
        """Say every two seconds that this worker lives, and prolong the lease of its job."""
        self.store.workers.register(self.id, os.getpid(), socket.gethostname())
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(BEAT_SECONDS):
                self.store.workers.register(self.id, os.getpid(), socket.gethostname())
                if self._fence:
                    with suppress(LostJob):  # its own next write will find out
                        self.store.jobs.beat(self._fence)

        thread = threading.Thread(target=beat, name="heart", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self.store.workers.unregister(self.id)
