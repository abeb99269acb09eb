"""What is being written, and what dead processes left of it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.project.leftovers import OLD_SECONDS, aside, sweep, temporary


@pytest.fixture
def dead():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def of(path, pid, host=None):
    """The name that another process would have written beside `path`."""
    ours = f".{os.getpid()}-{socket.gethostname()}-"
    return Path(str(aside(path)).replace(ours, f".{pid}-{host or socket.gethostname()}-"))


def test_what_the_dead_left_goes_and_all_else_stays(tmp_path, dead):
    """Files and folders alike; a living process, another machine and other names are left alone."""
    gone = [of(tmp_path / "a.png", dead), of(tmp_path / "out", dead)]
    kept = [
        aside(tmp_path / "a.png"),
        of(tmp_path / "a.png", 1),
        of(tmp_path / "a.png", dead, "elsewhere-1"),
        tmp_path / ".hidden",
        tmp_path / f".a.{dead}.part",
        tmp_path / "a.png",
    ]
    for path in (gone[0], *kept):
        path.write_text("x")
    gone[1].mkdir()
    (gone[1] / "labels.csv").write_text("x")
    sweep(tmp_path)
    assert [path.exists() for path in gone] == [False, False]
    assert [path.exists() for path in kept] == [True] * len(kept)


def test_what_another_machine_left_goes_after_a_day(tmp_path, dead):
    """Nobody can ask whether its process lives; nothing takes that long to write."""
    left = of(tmp_path / "a.png", dead, "elsewhere")
    left.write_text("x")
    old = time.time() - OLD_SECONDS - 60
    os.utime(left, (old, old))
    sweep(tmp_path)
    assert not left.exists()


def test_a_folder_that_is_not_there_is_swept_without_harm(tmp_path):
    """Sweeping is never why something fails."""
    sweep(tmp_path / "absent")


def test_a_temporary_folder_goes_with_its_body(tmp_path, dead):
    """And takes with it what killed ones left beside."""
    left = of(tmp_path / "demo", dead)
    left.mkdir()
    with temporary(tmp_path / "demo") as made:
        assert made.parent == tmp_path
        (made / "1.png").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_a_long_name_still_has_room_for_whose_it_is(tmp_path):
    """255 bytes are all that a name may have, and letters may take four of them."""
    aside(tmp_path / ("𝔞" * 60)).write_text("x")
