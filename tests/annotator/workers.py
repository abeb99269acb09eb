"""Real worker processes: started, killed, waited for."""

import time

from annotator.service import Service
from annotator.worker import Worker
from tests.forks import WORKER, Process


def until(what, seconds=240.0):
    """Wait for something to be true; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def start(service: Service) -> Process:
    return Process(WORKER, service.workspace.root, trains=True)


def kill(worker: Process) -> None:
    worker.kill()
    worker.wait()


def finish(service: Service) -> None:
    """Do what is queued, as a worker does that ends then; it spares the start of a process."""
    Worker(service.workspace).run(once=True)


def finish_apart(service: Service) -> None:
    """Run what is queued in a worker of its own."""
    assert Process(WORKER, service.workspace.root, "--once", trains=True).wait() == 0
