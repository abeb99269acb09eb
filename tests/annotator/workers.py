"""Real worker processes: started, killed, waited for."""

import subprocess
import sys
import time

from annotator.service import Service
from annotator.worker import Worker


def until(what, seconds=240.0):
    """Wait for something to be true; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def start(service: Service) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "annotator.worker", str(service.workspace.root)])


def kill(worker: subprocess.Popen) -> None:
    worker.kill()
    worker.wait()


def finish(service: Service) -> None:
    """Do what is queued, as a worker does that ends then; it spares the start of a process."""
    Worker(service.workspace).run(once=True)


def finish_apart(service: Service) -> None:
    """Run what is queued in a worker of its own."""
    command = [sys.executable, "-m", "annotator.worker", str(service.workspace.root), "--once"]
    subprocess.run(command, check=True)
