"""The worker: claim a job, run it, record its events, finish. A process of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from annotator.errors import AnnotatorError, StoreError
from annotator.model import Job
from annotator.project import Workspace, private
from annotator.project.log import working_on
from annotator.rounds.device.freed import keep_freed
from annotator.service.due import start_due
from annotator.store import Fence, LostJob, Store
from annotator.upkeep.automatic import keeping
from annotator.upkeep.cleanup import clear
from annotator.upkeep.workers import LESS_MEMORY, bury_dead
from annotator.worker.heart import Heart
from annotator.worker.saying import say

# Torch's threads must sleep, not spin, while they wait for each other: beside a browser or another
# training on the same cores, spinning made a step ten to twenty times slower. Read as torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

POLL_SECONDS = 0.3
PATIENCE_SECONDS = 5.0  # before a database that could not be read is asked again
MEMORY = ("out of memory", "allocate memory", "not enough memory")  # as torch words it


class Worker:
    """Takes jobs of one workspace, one at a time."""

    def __init__(self, workspace: Workspace, parent: int | None = None) -> None:
        self.workspace = workspace
        self.store = Store(workspace.database)
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.parent = parent
        self.heart = Heart(self.store, self.id)
        self._begun = False

    @classmethod
    def open(cls, root: Path, parent: int | None = None) -> Worker:
        """A worker of the workspace in a folder; without its `parent` it ends once it is idle.

        Raises:
            WorkspaceError: the folder is no workspace.
        """
        return cls(Workspace.open(root), parent)

    def run(self, *, once: bool = False) -> bool:
        """Work until told otherwise; with `once`, do one job, or none, and say whether it did.

        SIGTERM ends it in order: its job is given back, to be gone on with from its checkpoint.
        """
        keep_freed()
        with private.everything(), _ending_in_order(), self.heart, keeping(self.workspace):
            while not self._orphaned():
                try:
                    done = self._turn()
                except StoreError as problem:  # locked for long, or a full disk: it passes
                    if once:
                        raise
                    say(f"The database cannot be used, trying again: {problem}")
                    time.sleep(PATIENCE_SECONDS)
                    continue
                if once:
                    return done
                if not done:
                    time.sleep(POLL_SECONDS)
        return False

    def _turn(self) -> bool:
        """Do a job if one waits; say whether there was one."""
        bury_dead(self.store)
        if not self._begun:
            self._tidy()  # an earlier worker may have died before it could
            self._begun = True
        job = self.store.jobs.claim(self.id)
        if job is None:
            return False
        with working_on(job.id, job.request):
            self._do(job)
        self._tidy()
        return True

    def _tidy(self) -> None:
        """What follows when a round has ended: its folder goes, and the next begins if it is due.

        After one that was canceled, the next waits for a label or a click.
        """
        clear(self.workspace, self.store)
        latest = self.store.jobs.last("round")
        if latest is None or latest.state == "canceled":
            return
        try:
            start_due(self.store)
        except AnnotatorError as error:  # the next label says it on the page
            say(f"A round is due but cannot start: {error}")

    def _orphaned(self) -> bool:
        """Whether the app that started this worker is gone."""
        return self.parent is not None and os.getppid() != self.parent

    def _do(self, job: Job) -> None:
        fence = self.heart.fence = Fence(job.id, job.attempt)
        log = self.workspace.log
        log.write("job begun", kind=job.kind, attempt=job.attempt, worker=self.id)
        try:
            # Imported here: a worker without work is there at once and stays small
            from annotator.rounds.perform import perform

            if perform(self.workspace, self.store, job, fence):
                log.write("job done")
            else:
                log.write("job canceled")
                self._end(lambda: self.store.jobs.finish(fence, "canceled"))
        except LostJob as error:
            log.write("job lost", level="warning", error=str(error))
        except StoreError as problem:
            self.heart.fence = None  # should this fail too, the lease ends by itself
            told = f"the database could not be used ({problem})"
            log.write("job given back", level="warning", error=told)
            self._end(lambda: self.store.jobs.release(fence, told))
        except AnnotatorError as error:
            self._fail(fence, str(error))
        except Exception as error:
            say(traceback.format_exc())
            log.failure("exception", error)
            self._fail(fence, _told(error))
        except BaseException:  # told to end
            log.write("job given back")
            self._end(lambda: self.store.jobs.release(fence))
            raise
        finally:
            self.heart.fence = None

    def _fail(self, fence: Fence, error: str) -> None:
        self.workspace.log.write("job failed", level="error", error=error)
        self._end(lambda: self.store.jobs.finish(fence, "failed", error))

    @staticmethod
    def _end(write: Callable[[], None]) -> None:
        """Write what becomes of a job, unless another worker has it by now."""
        try:
            write()
        except LostJob:
            return
        except StoreError as problem:
            say(f"How a job ended could not be written, so it is done again: {problem}")


def _told(error: Exception) -> str:
    """An unexpected error in words; running out of memory by its name."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in MEMORY):
        return f"Memory ran out ({text[:200]}). To go on, {LESS_MEMORY}."
    return f"{text}. The full report is in worker.log."


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM end the body as Ctrl-C does, in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end_now)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_now(number: int, frame: FrameType | None) -> None:
    del frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows must not be cut
    sys.exit(128 + number)
