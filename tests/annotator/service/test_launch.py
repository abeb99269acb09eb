"""The worker beside an opened workspace: a real process, one, until it is told to end."""

import os
import signal
import socket

import pytest

from annotator.service import Service
from annotator.store import Fence
from tests.annotator.small import workspace
from tests.annotator.workers import kill, start, until


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 4)
    yield service
    service.close()


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_is_started_once_and_ends_with_its_workspace(service):
    """Whoever asks again finds it running; closing waits until it is gone."""
    assert not service.worker_alive()
    service.ensure_worker()
    service.ensure_worker()
    [seen] = until(service.store.workers.all)
    assert service.worker_alive()
    assert (seen.host, lives(seen.pid)) == (socket.gethostname(), True)
    assert (service.workspace.root / "worker.log").exists()
    service.close()
    assert not lives(seen.pid)


def test_no_second_worker_is_started_beside_another_process_s(service):
    """One that somebody started by hand is enough; ending this app leaves it alone."""
    worker = start(service)
    try:
        until(service.store.workers.all)
        other = Service.open(service.workspace.root)
        assert other.worker_alive()
        other.ensure_worker()
        assert [each.pid for each in other.store.workers.all()] == [worker.pid]
        other.close()
        assert worker.poll() is None
    finally:
        kill(worker)


def test_a_worker_that_was_killed_is_noticed_and_replaced(service):
    """At once, without waiting for its silence: its process is gone."""
    service.ensure_worker()
    [first] = until(service.store.workers.all)
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: not service.worker_alive())
    assert service.store.workers.all() == []
    service.ensure_worker()
    [second] = until(service.store.workers.all)
    assert second.pid != first.pid


def test_what_a_dead_worker_held_is_free_for_the_next(service):
    """Looking whether a worker lives is enough to free the job of one that does not."""
    gone = start(service)
    kill(gone)
    service.store.workers.register("gone", gone.pid, socket.gethostname())
    service.prepare()
    held = service.store.jobs.claim("gone")
    assert service.store.jobs.claim("next") is None
    assert not service.worker_alive()
    assert service.store.jobs.claim("next").attempt == held.attempt + 1
    service.store.jobs.finish(Fence(held.id, held.attempt + 1), "done")
