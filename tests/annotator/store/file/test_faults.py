"""A database that is locked, full, damaged, gone or replaced: told in words, and nothing half."""

import os
import shutil
import sqlite3
import threading

import pytest

from annotator.errors import StoreError, WorkspaceError
from annotator.store import Store
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12)
    yield made
    made.close()


def another(service):
    return sqlite3.connect(service.workspace.database, isolation_level=None, timeout=0.1)


def test_a_lock_is_waited_for_and_then_told_and_the_next_try_goes_through(service):
    """Nothing of what came during the lock is written, and nothing of it is acknowledged."""
    image, other = service.images()[0], another(service)
    other.execute("BEGIN IMMEDIATE")
    db = service.store.db
    with pytest.raises(StoreError, match=r"locked.*then try again"), db.immediate(wait_ms=50):
        raise AssertionError("the lock was held by another")
    other.execute("ROLLBACK")
    assert service.record([event(service, image, seq=1)], "anna").ack == {"tab": 1}


def test_a_full_disk_is_told_and_leaves_nothing_half(service):
    """SQLite's own limit of pages stands for the disk; with room again all goes on."""
    db = service.store.db
    pages = db.value("PRAGMA page_count")
    db.value(f"PRAGMA max_page_count = {pages}")
    before = service.store.labels.watermark()
    image, acknowledged = service.images()[0], 0

    def press():
        return service.record([event(service, image, seq=acknowledged + 1)], "a" * 900).ack["tab"]

    def press_on():
        nonlocal acknowledged
        while acknowledged < 10_000:
            acknowledged = press()

    with pytest.raises(StoreError, match="disk is full"):
        press_on()
    assert not db.connection.conn.in_transaction
    assert service.store.labels.watermark() - before == acknowledged
    db.value("PRAGMA max_page_count = 1073741823")
    assert press() == acknowledged + 1


def test_a_commit_that_fails_does_not_swallow_what_comes_after(service):
    """A transaction left open would take later answers in, acknowledge them and lose them."""
    db = service.store.db

    def break_at_the_commit():
        with db.immediate():
            db.value("PRAGMA defer_foreign_keys = ON")
            db.run("INSERT INTO queue (image_id, position, reason) VALUES (999, 0, '')")

    with pytest.raises(sqlite3.IntegrityError):
        break_at_the_commit()
    assert not db.connection.conn.in_transaction
    [image] = answer(service, 1)
    [[count]] = another(service).execute("SELECT COUNT(*) FROM event").fetchall()
    assert count == 1
    assert service.store.labels.current()[0].image_id == image.id


def test_a_database_that_is_gone_is_never_made_anew(service):
    """Neither by the connection that is open nor by the next one."""
    answer(service, 1)
    path = service.workspace.database
    for beside in ("", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    with pytest.raises(StoreError, match=r"missing.*no backup.*certilabel restore"):
        answer(service, 1, first=2)
    with pytest.raises(StoreError, match="missing"):
        Store(path)
    told = []
    thread = threading.Thread(target=lambda: told.append(_told(service.progress)))
    thread.start()
    thread.join()
    assert "missing" in told[0]
    assert not path.exists()


def _told(work):
    try:
        return work()
    except WorkspaceError as error:
        return str(error)


def test_a_database_that_takes_its_place_is_used_from_then_on(service, tmp_path):
    """A backup put back while pages are open gets the answers, not the file that went."""
    service.store.db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    path, backup = service.workspace.database, tmp_path / "backup.db"
    shutil.copy(path, backup)
    answer(service, 3)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    backup.replace(path)
    assert service.progress().labeled == 0
    answer(service, 2, first=4)
    [[count]] = another(service).execute("SELECT COUNT(*) FROM event").fetchall()
    assert count == 2


@pytest.mark.parametrize("put_back", [True, False])
def test_what_was_written_while_the_database_went_is_not_said_to_be_stored(service, put_back):
    """Gone or replaced between the first statement and the commit."""
    db, path = service.store.db, service.workspace.database
    content = path.read_bytes()

    def write():
        with db.immediate():
            service.record([event(service, service.images()[0], seq=1)], "anna")
            path.unlink()
            if put_back:
                path.write_bytes(content)

    with pytest.raises(StoreError, match="replaced" if put_back else "missing"):
        write()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no tables"),
        (b"no database at all " * 999, "damaged"),
        (None, "holds no tables"),
    ],
    ids=["emptied", "overwritten", "of another program"],
)
def test_a_file_that_is_none_of_ours_is_told_and_left_as_it_is(service, content, words):
    """An empty one beside images must not become a fresh workspace."""
    path = service.workspace.database
    service.close()
    path.unlink()
    if content is None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE theirs (x)")
        other.close()
        content = path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(StoreError, match=words):
        Store(path)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_found_before_it_is_served(service):
    """Opening reads a page or two; `check` reads all of them."""
    path = service.workspace.database
    service.close()
    service.check()
    service.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged.*no backup.*certilabel restore"):
        service.check()


def test_a_database_that_is_there_is_not_made_over(service):
    """Neither emptied nor opened."""
    before = service.workspace.database.read_bytes()
    with pytest.raises(StoreError, match="there already"):
        Store.create(service.workspace.database)
    assert service.workspace.database.read_bytes() == before


def test_a_newer_database_is_refused_before_anything_is_written(service):
    """The words say how to upgrade."""
    service.store.db.run("INSERT INTO migration VALUES (99, 'future', 0)")
    service.close()
    before = service.workspace.database.read_bytes()
    with pytest.raises(WorkspaceError, match="pip install --upgrade"):
        Store(service.workspace.database)
    assert service.workspace.database.read_bytes() == before
