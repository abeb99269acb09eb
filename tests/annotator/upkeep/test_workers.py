"""Workers that died: their jobs are free at once, and nobody else's are."""

import os
import socket
import subprocess
import sys
import time

import pytest

from annotator.project.leftovers import alive
from annotator.store import Store
from annotator.upkeep.workers import SILENT_SECONDS, bury_dead, reason

HERE = socket.gethostname()


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "certilabel.db")


@pytest.fixture
def dead():
    """The number of a process that was and is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def silent(store, worker, seconds):
    """Put a worker's last sign of life back."""
    store.db.run(
        "UPDATE worker SET heartbeat = :then WHERE id = :id",
        {"id": worker, "then": time.time() - seconds},
    )


def names(store):
    return [each.id for each in store.workers.all()]


def test_a_process_lives_until_it_ends(dead):
    """This one does, one of somebody else's does, one that has ended does not."""
    assert alive(os.getpid())
    assert alive(1)  # may not be signaled by everybody
    assert not alive(dead)


def test_only_the_dead_of_this_machine_are_buried(store, dead):
    """Elsewhere the same number may be anybody's."""
    store.workers.register("living", os.getpid(), HERE)
    store.workers.register("elsewhere", dead, f"not {HERE}")
    store.workers.register("dead", dead, HERE)
    bury_dead(store)
    assert names(store) == ["living", "elsewhere"]


def test_the_job_of_a_dead_worker_is_free_and_that_of_a_living_one_is_not(store, dead):
    """Nobody waits for a lease to end."""
    store.jobs.add("prepare", {})
    store.jobs.add("round", {})
    store.workers.register("dead", dead, HERE)
    store.workers.register("living", os.getpid(), HERE)
    first, kept = store.jobs.claim("dead"), store.jobs.claim("living")
    bury_dead(store)
    taken = store.jobs.claim("next")
    assert (taken.id, taken.attempt) == (first.id, 2)
    assert store.jobs.claim("next") is None
    assert store.jobs.last(kept.kind) == kept


def test_a_worker_of_another_machine_is_given_up_after_a_long_silence(store, dead):
    """Its process cannot be asked after: a short silence may be a slow network."""
    store.workers.register("elsewhere", dead, f"not {HERE}")
    silent(store, "elsewhere", 20 * SILENT_SECONDS)
    bury_dead(store)
    assert names(store) == ["elsewhere"]
    silent(store, "elsewhere", 101 * SILENT_SECONDS)
    bury_dead(store)
    assert names(store) == []


def test_how_a_worker_ended_is_told_by_its_exit_code(store):
    """Signal 9 is memory, as a rule; what helps is named. Who was told to end is not blamed."""
    for code in (None, -9):
        assert "memory runs out" in reason(code)
        assert "smaller side or a smaller backbone" in reason(code)
    assert "signal 9" in reason(-9)
    assert "crashed (signal 11)" in reason(-11)
    assert "code 3; worker.log" in reason(3)
    for pid, ended, told in ((5, {5: -9}, reason(-9)), (6, {6: None}, None)):
        job = store.jobs.last() or store.jobs.add("round", {})
        store.workers.register(f"worker {pid}", pid, HERE)
        taken = store.jobs.claim(f"worker {pid}")
        assert taken.id == job.id
        bury_dead(store, ended)
        assert store.jobs.last().state == "queued"
        assert store.jobs.last().error == told
