"""What an import leaves on the disk: the next server knows that it was cut off, and where."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from annotator.model import Going
from annotator.service.bringing.trace import FILE, Trace

NOW = Going("reading", "/scans", "anna", sent=True, files=3, total=9)


@pytest.fixture
def trace(tmp_path):
    return Trace(tmp_path / FILE)


def test_what_this_process_left_was_cut_off(trace):
    """It has no such import any more; a container gives its server the same number each time."""
    trace.leave(NOW, now=True)
    found = trace.found()
    assert found == replace(NOW, stage="cut")
    trace.leave(replace(NOW, stage="writing"), now=True)
    assert trace.found().written


def test_what_a_living_process_left_runs_elsewhere(trace):
    """And what a dead one left was cut off."""
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    trace.leave(NOW, now=True)
    told = json.loads(trace.path.read_text()) | {"process": other.pid}
    trace.path.write_text(json.dumps(told))
    assert trace.found().stage == "elsewhere"
    other.communicate()
    assert trace.found().stage == "cut"


def test_another_machine_runs_it_while_it_writes(trace):
    """Its processes are not seen from here."""
    trace.leave(NOW, now=True)
    trace.path.write_text(json.dumps(json.loads(trace.path.read_text()) | {"host": "elsewhere"}))
    assert trace.found().stage == "elsewhere"
    os.utime(trace.path, (1, 1))
    assert trace.found().stage == "cut"


def test_it_is_gone_once_the_import_has_ended(trace):
    """Twice is no matter."""
    trace.leave(NOW, now=True)
    trace.clear()
    trace.clear()
    assert trace.found() is None


def test_it_is_written_now_and_then(tmp_path):
    """A thousand files a second are no thousand writes."""
    now = [10.0]
    trace = Trace(tmp_path / FILE, lambda: now[0])
    for files in range(5):
        trace.leave(replace(NOW, files=files))
    assert trace.found().files == 0
    now[0] += 3
    trace.leave(replace(NOW, files=7))
    assert trace.found().files == 7


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"source": 1}', "\udcff"])
def test_a_damaged_one_says_nothing(trace, text):
    """It is no reason to stop a page."""
    trace.path.write_bytes(text.encode(errors="surrogateescape"))
    assert trace.found() is None


def test_a_disk_that_cannot_be_written_is_no_reason_to_stop(tmp_path):
    """The import itself says what is wrong."""
    Trace(tmp_path / "gone" / FILE).leave(NOW, now=True)
