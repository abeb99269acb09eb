"""The heart of a worker: a thread that says that it lives and keeps the lease of its job."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from annotator.errors import StoreError
from annotator.store import Fence, LostJob, Store
from annotator.worker.saying import say

BEAT_SECONDS = 2.0


class Heart:
    """Beats every two seconds from `with` on; a beat that fails is tried again at the next.

    Set `fence` while there is a job. Whether it still holds is not judged here: each write of the
    job proves it anew, in its own transaction.
    """

    def __init__(self, store: Store, worker: str) -> None:
        self.store, self.worker = store, worker
        self.fence: Fence | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._register()
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
        with suppress(StoreError):  # whoever looks next finds that the process is gone
            # Also a job that was claimed in the moment in which the worker was told to end
            self.store.workers.bury(self.worker, None)

    def _run(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self.beat()
            except Exception as error:  # a locked or full disk passes; without a heart, two work
                say(f"heartbeat failed, trying again: {error}")
        self.store.db.close()

    def beat(self) -> None:
        """Say that this worker lives, and prolong the lease of its job.

        Raises:
            StoreError: it could not be written.
        """
        self._register()
        if fence := self.fence:  # which the worker may take away at any moment
            with suppress(LostJob):  # the job's own next write will find out
                self.store.jobs.beat(fence)

    def _register(self) -> None:
        self.store.workers.register(self.worker, os.getpid(), socket.gethostname())
