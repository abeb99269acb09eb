"""Copies of a database: whole while it is written, refused where it is damaged."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from annotator.errors import WorkspaceError
from annotator.store import Store
from annotator.store.keeping.copies import copy, in_use, let_go
from annotator.store.keeping.soundness import damage, schema
from tests.annotator.store.old_schemas import build, dump


@pytest.fixture
def store(tmp_path):
    opened = Store.create(tmp_path / "certilabel.db")
    yield opened
    opened.db.close()


def test_a_copy_holds_everything_that_was_written_when_it_began(store, tmp_path):
    """A second thread goes on writing: each copy has all of before and no half of a transaction."""
    stop = threading.Event()

    def write():
        while not stop.is_set():
            with store.db.immediate():  # always two at once: a copy has both or neither
                for side in "ab":
                    n = store.db.value("SELECT COUNT(*) FROM class")
                    store.db.run(f"INSERT INTO class (name, added) VALUES ('{side}{n}', 0)")

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for number in range(15):
            least = store.db.value("SELECT COUNT(*) FROM class")
            copy(store.db.path, tmp_path / f"{number}.db")
            with closing(sqlite3.connect(tmp_path / f"{number}.db")) as db:
                counts.append(db.execute("SELECT COUNT(*) FROM class").fetchone()[0])
            assert counts[-1] >= least
    finally:
        stop.set()
        writer.join()
    assert all(count % 2 == 0 for count in counts)
    assert counts[-1] > counts[0]


def test_a_copy_is_one_file_of_its_owner(store, tmp_path):
    """No log beside it, and nobody else reads it."""
    copy(store.db.path, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_what_is_no_database_is_not_copied(tmp_path):
    """Absent, emptied or of another kind: one sentence, and no file is left."""
    (tmp_path / "words.db").write_text("these are words, and many of them, one after another" * 99)
    for name in ("absent.db", "words.db"):
        with pytest.raises(WorkspaceError, match=r"certilabel (?:restore|doctor)"):
            copy(tmp_path / name, tmp_path / "copy.db")
    assert not (tmp_path / "absent.db").exists()
    assert not (tmp_path / "copy.db").exists()


def test_a_damaged_database_is_told_and_leaves_no_copy_that_looks_good(tmp_path):
    """Pages in its middle are overwritten."""
    path = tmp_path / "certilabel.db"
    build(path, 3)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        page = db.execute("PRAGMA page_size").fetchone()[0]
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    assert damage(path)
    with pytest.raises(WorkspaceError, match=r"certilabel (?:restore|doctor)"):
        copy(path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_full_disk_is_told_in_one_sentence(store, tmp_path):
    """Here a process that may write no file of more than 8 kB."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from annotator.store.keeping.copies import copy\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "copy(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, store.db.path, tmp_path / "copy.db"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "WorkspaceError" in done.stderr.splitlines()[-1]
    assert "Make room" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "copy.db").exists()


def test_whoever_has_the_database_open_is_noticed(store):
    """Also without a transaction, and not any more once it is closed; nothing is changed by it."""
    assert in_use(store.db.path)
    store.classes.add("cat")
    store.db.close()
    assert not in_use(store.db.path)
    assert [each.name for each in store.classes.all()] == ["cat"]


def test_nobody_works_on_a_copy(tmp_path):
    """Leases, workers and holders are those of other processes; all else is as it was."""
    path = tmp_path / "copy.db"
    build(path, 3)
    before = dump(path)
    let_go(path)
    after = dump(path)
    assert after.pop("worker") == []
    [running] = [row for row in before["job"] if row["state"] == "running"]
    freed = running | {"state": "queued", "worker": None, "lease_until": 0.0}
    assert after["job"] == [freed if row == running else row for row in before["job"]]
    assert {row["holder"] for row in after["queue"]} == {None}
    for table in after.keys() - {"job", "queue"}:
        assert after[table] == before[table]
    assert schema(path) == 3
