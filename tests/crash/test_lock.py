"""Another program holds the database: answers wait, fail aloud, and are saved once after it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time

from annotator.asking import answers
from annotator.errors import StoreError
from tests.annotator.small import event, workspace

HOLD = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")
"""


def hold(path, seconds: float) -> subprocess.Popen[str]:
    """Another program that has the write lock by now, and keeps it for so long."""
    command = [sys.executable, "-c", HOLD, str(path), str(seconds)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert program.stdout.readline() == "held\n"
    return program


def test_an_answer_outlives_a_long_lock(tmp_path, counts, monkeypatch, soak):
    """Sent again until it is saved, as the page does; it is written once, and reading goes on."""
    waits, held = (answers.WAIT_MS / 1000, 40.0) if soak else (0.5, 3.0)
    monkeypatch.setattr(answers, "WAIT_MS", int(1000 * waits))
    service = workspace(tmp_path / "ws", 12)
    images = service.images()
    program = hold(service.workspace.database, held)
    start, refused = time.monotonic(), 0
    with program:
        while True:
            try:
                told = service.record([event(service, images[0], seq=1)], "anna")
                break
            except StoreError as error:
                refused += 1
                why = str(error)
            assert "is locked by another program" in why
            assert time.monotonic() - start < refused * (waits + 30), "it hung"
            assert service.progress().labeled == 0  # reading needs no lock
    assert refused >= 1
    assert told.ack == {"tab": 1}
    assert held - 2 < time.monotonic() - start < held + 60
    assert service.progress().labeled == 1
    service.close()
    counts.add(refused=refused, saved=1, lost=0, stuck=0)


def test_an_answer_waits_for_a_short_lock(tmp_path, counts):
    """Nobody notices more than a delay."""
    service = workspace(tmp_path / "ws", 12)
    images = service.images()
    with hold(service.workspace.database, 0.5):
        assert service.record([event(service, images[0], seq=1)], "anna").ack == {"tab": 1}
    service.close()
    counts.add(saved=1, lost=0, stuck=0)


def test_a_writer_that_dies_with_the_lock_frees_it(tmp_path, counts):
    """The lock ends with its process, at once."""
    service = workspace(tmp_path / "ws", 12)
    program = hold(service.workspace.database, 90)
    threading.Timer(0.3, program.kill).start()
    start = time.monotonic()
    with program:
        service.record([event(service, service.images()[0], seq=1)], "anna")
    assert time.monotonic() - start < 50
    with sqlite3.connect(service.workspace.database) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    service.close()
    counts.add(saved=1, lost=0, stuck=0)
