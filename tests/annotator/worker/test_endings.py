"""How jobs end whose worker does: killed, told to end, out of memory, canceled, stopped."""

import os
import signal
import sys
from pathlib import Path

import pytest

from annotator.service import launch
from annotator.store import Fence, LostJob
from annotator.worker.loop import Worker
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish, start, until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 24)
    answer(service, 12)
    yield service
    service.close()


@pytest.fixture
def deadly(tmp_path, monkeypatch):
    """Let each worker die in the way of some lines of Python as soon as it begins its job."""

    def make(lines):
        (tmp_path / "deadly").mkdir(exist_ok=True)
        (tmp_path / "deadly" / "torch.py").write_text(lines)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "deadly"), str(ROOT)]))

    return make


def run_out(service):
    """Start workers as a page does until nothing waits or runs."""

    def ended():
        service.ensure_worker()
        return service.active_job() is None

    until(ended, 300)
    return service.last_job()


def test_a_job_whose_workers_are_killed_fails_after_three_attempts_and_says_why(service, deadly):
    """It does not go round for ever; memory is named, and what to lower."""
    deadly("import os; os.kill(os.getpid(), 9)")
    service.start_round()
    failed = run_out(service)
    assert (failed.state, failed.attempt) == ("failed", 3)
    for words in ("Given up after 3 attempts", "signal 9", "memory", "smaller side"):
        assert words in failed.error
    assert service.start_round().state == "queued", "nothing of it is in the way"


def test_a_job_that_dies_at_its_start_can_be_canceled(service, deadly):
    """It was asked for between two deaths or during an attempt: it is not begun again."""
    deadly("import os, time; time.sleep(1); os.kill(os.getpid(), 9)")
    job = service.start_round()
    service.ensure_worker()
    until(lambda: service.last_job().state == "running", 120)
    service.cancel(job.id)
    assert run_out(service).state == "canceled"
    assert service.last_job().attempt == 1


def test_what_cannot_be_imported_fails_in_words(service, monkeypatch):
    """Once: it would be the same the next time. The worker lives on."""
    monkeypatch.setitem(sys.modules, "annotator.rounds.perform", None)
    service.start_round()
    assert Worker(service.workspace).run(once=True)
    failed = service.last_job()
    assert (failed.state, failed.attempt) == ("failed", 1)
    assert "ModuleNotFoundError" in failed.error


def test_memory_that_runs_out_in_python_is_named(service, monkeypatch):
    """By the word for it, with what to lower."""
    from annotator.rounds import perform

    def greedy(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 TB")

    monkeypatch.setattr(perform, "perform", greedy)
    service.start_round()
    finish(service)
    assert service.last_job().state == "failed"
    assert service.last_job().error.startswith("Memory ran out")
    assert "smaller side" in service.last_job().error


def test_a_worker_that_is_told_to_end_gives_its_job_back(tmp_path):
    """The next one goes on at once, and none of the attempts is used up."""
    service = workspace(tmp_path / "ws", 40, steps=100_000, regime="finetune")
    answer(service, 20)
    job = service.start_round()
    for attempt in range(1, 5):
        worker = start(service)
        until(lambda n=attempt: service.last_job().attempt == n, 120)
        worker.terminate()
        assert worker.wait(60) == 128 + signal.SIGTERM
        assert service.last_job().state == "queued"
    service.cancel(job.id)
    assert service.last_job().state == "canceled"


def test_a_worker_that_is_stopped_is_replaced(service, monkeypatch):
    """It lives and says nothing: the page that started it ends it, and its job goes on."""
    service.ensure_worker()
    [first] = until(service.store.workers.all)
    os.kill(first.pid, signal.SIGSTOP)
    assert service.worker_alive()
    monkeypatch.setattr(launch, "HUNG_SECONDS", 0.5)
    until(lambda: not service.worker_alive() or not service.store.workers.all())
    service.ensure_worker()
    [second] = until(service.store.workers.all)
    assert second.pid != first.pid


def test_a_worker_that_lost_its_job_writes_nothing_more(service, monkeypatch):
    """It was stopped for a while, another took over: its next write says so and is not done."""
    from annotator.rounds.perform import perform

    service.start_round("supervised", "frozen")
    store = service.store
    first = store.jobs.claim("first")
    calls = []
    report = store.parts.report

    def overtaken(fence, parts, share, message, since=0):
        calls.append(message)
        if len(calls) == 8:
            store.db.run("UPDATE job SET lease_until = 1")
            assert store.jobs.claim("second").attempt == 2
        report(fence, parts, share, message, since=since)

    monkeypatch.setattr(store.parts, "report", overtaken)
    with pytest.raises(LostJob):
        perform(service.workspace, store, first, Fence(first.id, first.attempt))
    assert len(calls) == 8
    [begun] = service.rounds()
    assert begun.finished is None
    assert store.results.predictions(begun.number) == {}
    assert (service.last_job().state, service.last_job().attempt) == ("running", 2)
    assert service.last_job().message != calls[-1]
