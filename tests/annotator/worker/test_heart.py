"""The heart of a worker: it outlives a database that is locked, and never keeps what is lost."""

import sqlite3
import sys
import time
from contextlib import suppress

import pytest

from annotator.store import Fence, Store, database
from annotator.store.file import opening
from annotator.worker import heart
from annotator.worker.heart import Heart
from tests.annotator.workers import until


@pytest.fixture
def store(tmp_path, monkeypatch):
    for each in (database, opening):  # a lock of half a second is a long one then
        monkeypatch.setattr(each, "BUSY_MS", 50)
    monkeypatch.setattr(heart, "BEAT_SECONDS", 0.05)
    return Store.create(tmp_path / "certilabel.db")


def lease(store):
    return store.db.value("SELECT lease_until FROM job")


def lock_for_a_while(store):
    """Be another process that holds the database over several beats."""
    locked = sqlite3.connect(store.db.path, isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    time.sleep(0.5)
    locked.execute("ROLLBACK")
    locked.close()


def test_a_locked_database_does_not_stop_the_heart(store, capsys):
    """Beats fail while another process has the lock; the job is still held afterwards."""
    store.jobs.add("round", {})
    job = store.jobs.claim("worker")
    with Heart(store, "worker") as beating:
        beating.fence = Fence(job.id, job.attempt)
        lock_for_a_while(store)
        after = time.time()
        until(lambda: lease(store) > after + 14, 10)
        assert store.jobs.claim("next") is None
    assert "trying again" in capsys.readouterr().err
    assert store.workers.all() == []


def test_what_a_worker_holds_as_it_ends_is_given_back(store):
    """It may be told to end between the claim and the first step: nobody waits for the lease."""
    for attempt in range(1, 6):  # none of the attempts is used up
        if attempt == 1:
            store.jobs.add("round", {})
        with suppress(SystemExit), Heart(store, "worker"):
            assert store.jobs.claim("worker").attempt == attempt
            raise SystemExit(143)
        assert store.jobs.last().state == "queued"
        assert store.workers.all() == []


def test_the_heart_beats_on_after_its_job_is_lost(store):
    """The job that another worker has is left alone, and the worker still says that it lives."""
    store.jobs.add("round", {})
    job = store.jobs.claim("worker")
    with Heart(store, "worker") as beating:
        store.db.run("UPDATE job SET lease_until = 1")
        taken = store.jobs.claim("other")
        beating.fence = Fence(job.id, job.attempt)
        before = store.workers.all()[0].heartbeat
        until(lambda: store.workers.all()[0].heartbeat > before + 0.2, 10)
        store.jobs.check(Fence(taken.id, taken.attempt))


def test_a_heart_that_cannot_even_say_why_it_fails_beats_on(store, monkeypatch):
    """A full disk fails both the beat and the line about it; with room again the job is held."""
    store.jobs.add("round", {})
    job = store.jobs.claim("worker")
    with open("/dev/full", "w") as full, Heart(store, "worker") as beating:  # noqa: PTH123
        monkeypatch.setattr(sys, "stderr", full)
        beating.fence = Fence(job.id, job.attempt)
        lock_for_a_while(store)
        after = time.time()
        until(lambda: lease(store) > after + 14, 10)
        monkeypatch.undo()
        with suppress(OSError):  # what could not be written is in its buffer
            full.close()
