"""Jobs: claimed once, fenced by attempt, taken over from the dead."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from annotator.errors import RoundError, StoreError, WorkspaceError
from annotator.store import Fence, LostJob, Store
from annotator.store.file import BUSY_MS, connect, make
from annotator.store.jobs import MOST_ATTEMPTS
from annotator.store.migrations import MIGRATIONS, apply, first


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "certilabel.db")


def test_one_job_is_claimed_by_one_worker(store):
    """Eight workers at once, one gets it."""
    store.jobs.add("round", {})
    got = []
    threads = [
        threading.Thread(target=lambda n=n: got.append(store.jobs.claim(f"w{n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([job for job in got if job]) == 1


def test_a_second_round_is_refused_while_one_waits(store):
    """The error says the way out."""
    store.jobs.add("round", {})
    with pytest.raises(RoundError, match="cancel it: on Rounds"):
        store.jobs.add("round", {})


def test_a_worker_that_fell_silent_loses_its_job_and_all_its_writes_fail(store):
    """The old attempt cannot write once the new one has begun."""
    store.jobs.add("round", {})
    old = store.jobs.claim("old")
    store.db.run("UPDATE job SET lease_until = 1")
    new = store.jobs.claim("new")
    assert new.attempt == old.attempt + 1
    stale = Fence(old.id, old.attempt)
    for write in (
        lambda: store.jobs.beat(stale),
        lambda: store.jobs.report(stale, 0.5, "late"),
        lambda: store.jobs.finish(stale, "done"),
        lambda: store.jobs.check(stale),
    ):
        with pytest.raises(LostJob):
            write()
    store.jobs.finish(Fence(new.id, new.attempt), "done")


def test_a_living_workers_job_is_not_taken(store):
    """A lease in force protects."""
    store.jobs.add("round", {})
    store.jobs.claim("a")
    assert store.jobs.claim("b") is None


def test_canceling_a_waiting_job_ends_it_at_once(store):
    """Nobody has to pick it up first."""
    job = store.jobs.add("round", {})
    store.jobs.cancel(job.id)
    assert store.jobs.last().state == "canceled"
    store.jobs.add("round", {})


def waits(store):
    return store.jobs.add("round", {})


def runs(store):
    waits(store)
    return store.jobs.claim("worker")


def fell_silent(store):
    job = runs(store)
    store.db.run("UPDATE job SET lease_until = 1")
    return job


def waits_again(store):
    job = runs(store)
    store.workers.bury("worker", "it was killed")
    return job


def ended(state):
    def end(store):
        job = runs(store)
        store.jobs.finish(Fence(job.id, job.attempt), state)
        return job

    return end


@pytest.mark.parametrize(
    ("before", "at_once", "then"),
    [
        (waits, "canceled", "canceled"),
        (waits_again, "canceled", "canceled"),
        (runs, "running", "canceled"),  # its worker sees it at its next step
        (fell_silent, "canceled", "canceled"),
        (ended("done"), "done", "done"),
        (ended("failed"), "failed", "failed"),
        (ended("canceled"), "canceled", "canceled"),
    ],
)
def test_cancel_works_in_every_state(store, before, at_once, then):
    """What goes on ends, what has ended stays, and nothing is ever begun again by it."""
    job = before(store)
    store.jobs.cancel(job.id)
    found = store.jobs.last()
    assert (found.id, found.state) == (job.id, at_once)
    if at_once == "running":
        assert store.jobs.cancel_requested(job.id)
        store.jobs.finish(Fence(job.id, job.attempt), "canceled")
    assert store.jobs.last().state == then
    assert store.jobs.last().finished
    assert store.jobs.claim("next") is None
    assert waits(store).state == "queued"


def test_a_buried_workers_job_is_free_at_once(store):
    """When the process is known to be gone, nobody waits for the lease to end."""
    store.jobs.add("round", {})
    store.workers.register("dead", 1, "here")
    store.jobs.claim("dead")
    store.workers.bury("dead", "it was killed")
    assert store.jobs.claim("next").attempt == 2


def die(store, reason="it was killed"):
    """A worker takes the job and is gone."""
    assert store.jobs.claim("dead")
    store.workers.bury("dead", reason)
    return store.jobs.last()


def test_a_job_that_loses_three_workers_has_failed_for_good_with_the_last_reason(store):
    """Until then it waits and says which attempt comes next, and why."""
    store.jobs.add("round", {})
    again = die(store, "a power cut")
    assert (again.state, again.message) == ("queued", f"attempt 2 of {MOST_ATTEMPTS}: a power cut")
    store.jobs.claim("silent")
    store.db.run("UPDATE job SET lease_until = 1")
    third = store.jobs.claim("third")  # a lease that ended is an attempt as well
    assert third.attempt == 3
    store.workers.bury("third", "it was killed")
    failed = store.jobs.last()
    assert failed.state == "failed"
    assert failed.error == "Given up after 3 attempts; at the last, it was killed."
    assert failed.finished
    assert store.jobs.claim("next") is None


def test_a_job_that_is_given_back_in_order_may_go_on_for_ever(store):
    """An app that is closed and opened again has taken nothing from the attempts."""
    store.jobs.add("round", {})
    for number in range(1, 9):
        taken = store.jobs.claim("worker")
        assert taken.attempt == number
        store.jobs.release(Fence(taken.id, taken.attempt))
        assert store.jobs.last().state == "queued"
        with pytest.raises(LostJob):
            store.jobs.report(Fence(taken.id, taken.attempt), 0.5, "late")


@pytest.mark.parametrize("way", ["buried", "silent", "given back", "forgotten"])
def test_a_job_that_was_to_be_canceled_is_not_begun_again(store, way):
    """Whatever its worker dies of, and whoever notices."""
    store.jobs.add("round", {})
    taken = store.jobs.claim("worker")
    store.jobs.cancel(taken.id)
    assert store.jobs.last().state == "running"
    if way == "given back":
        store.jobs.release(Fence(taken.id, taken.attempt))
    elif way == "buried":
        store.workers.bury("worker", "it was killed")
    else:
        store.db.run("UPDATE job SET lease_until = 1")
    if way == "forgotten":  # no worker comes, but somebody looks
        store.jobs.cancel_silent()
    else:
        assert store.jobs.claim("next") is None
    ended = store.jobs.last()
    assert ended.state == "canceled"
    assert ended.finished
    assert store.jobs.add("round", {}).state == "queued"


def test_every_write_of_a_job_proves_its_lease_and_prolongs_it(store):
    """A heart that cannot beat for a while costs nothing while the work itself goes on."""
    store.jobs.add("round", {})
    job = store.jobs.claim("worker")
    fence = Fence(job.id, job.attempt)
    for write in (
        lambda: store.jobs.report(fence, 0.5, "half"),
        lambda: store.jobs.check(fence),
        lambda: store.jobs.beat(fence),
    ):
        store.db.run("UPDATE job SET lease_until = 1")
        write()
        assert store.jobs.claim("next") is None
    store.db.run("UPDATE job SET lease_until = 1")
    assert store.jobs.claim("next").attempt == 2


def of_the_first_version(path):
    make(path)
    connection = connect(path)
    connection.conn.execute(
        "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT, applied REAL)"
    )
    apply(connection, 1, first)
    connection.close()


def test_many_that_open_an_old_workspace_at_once_migrate_it_once(tmp_path):
    """Each migration has one record, whoever wins, and nobody is told that the file is locked."""
    for number in range(25):
        path = tmp_path / f"{number}.db"
        of_the_first_version(path)
        with ThreadPoolExecutor(8) as pool:
            opened = list(pool.map(Store, [path] * 8))
        rows = opened[0].db.rows("SELECT number FROM migration")
        assert [row["number"] for row in rows] == list(range(1, len(MIGRATIONS) + 1))


def test_a_workspace_of_a_newer_version_is_refused_with_the_way_out(store):
    """It is not opened and spoilt."""
    store.db.run("INSERT INTO migration VALUES (99, 'future', 0)")
    with pytest.raises(WorkspaceError, match="pip install --upgrade"):
        Store(store.db.path)


def test_a_file_that_is_no_database_is_told_at_once(tmp_path):
    """Only a lock is waited for: anything else would be half a minute of silence."""
    (tmp_path / "folder.db").mkdir()
    began = time.monotonic()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / "folder.db")
    assert time.monotonic() - began < BUSY_MS / 1000 / 2
