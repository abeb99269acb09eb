"""The folder of a simulation: it goes with its process, or with the next one that needs one."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from annotator.upkeep.scratch import PREFIX, clear, folder

HERE = socket.gethostname()


@pytest.fixture
def dead():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_folder_goes_with_all_that_is_in_it(tmp_path):
    """Its name says whose it is; the way in which SIGTERM ends things is as before."""
    before = signal.getsignal(signal.SIGTERM)
    with folder(tmp_path) as made:
        assert made.parent == tmp_path
        assert made.name.startswith(f"{PREFIX}{os.getpid()}-{HERE}-")
        (made / "copy").mkdir()
        (made / "copy" / "certilabel.db").write_text("x")
        assert signal.getsignal(signal.SIGTERM) != before
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_sigterm_ends_what_is_done_in_it_and_removes_it(tmp_path):
    """As a batch system sends it: exit code 128 + 15, nothing left."""
    with pytest.raises(SystemExit) as end, folder(tmp_path):
        os.kill(os.getpid(), signal.SIGTERM)
    assert end.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_only_what_dead_processes_of_this_machine_left_is_removed(tmp_path, dead):
    """Living ones go on playing, another machine's may live, and other folders are not ours."""
    names = {
        f"{PREFIX}{dead}-{HERE}-abc": True,
        f"{PREFIX}{os.getpid()}-{HERE}-abc": False,
        f"{PREFIX}{dead}-not-{HERE}-abc": False,
        f"{PREFIX}mine": False,
        "images": False,
    }
    for name in names:
        (tmp_path / name).mkdir()
    clear(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        n for n, gone in names.items() if not gone
    }
    with folder(tmp_path):
        pass
    assert len(list(tmp_path.iterdir())) == 4
