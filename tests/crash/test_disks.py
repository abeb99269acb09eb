"""Disks that are full, may not grow or are read-only: nothing saved is lost, and all is told."""

from __future__ import annotations

import subprocess
import sys

from tests.annotator.small import workspace
from tests.crash import small_disk
from tests.crash.mortal import ROOT

FULL = """
import shutil, sys
from pathlib import Path
from annotator.service import Service
from tests.crash import on_a_bad_disk as bad
place, made = Path(sys.argv[1]), sys.argv[2]
root = place / "ws"
shutil.copytree(made, root)
service, saved = Service.open(root), {}
for _ in range(int(sys.argv[3])):
    filler = bad.fill(place)
    bad.goes_on(service, saved, filler.unlink)
print(len(saved))
"""

COMMANDS = """
import shutil, sys
from pathlib import Path
from annotator.service import Service
from tests.crash import on_a_bad_disk as bad
place, made, pictures = Path(sys.argv[1]), *sys.argv[2:4]
root = place / "ws"
shutil.copytree(made, root)
service, saved = Service.open(root), {}
bad.label_until_refused(service, saved, most=10)
service.store.db.close()
filler = bad.fill(place)
bad.one_sentence("import", root, pictures)
bad.one_sentence("export", root, place / "out")
bad.one_sentence("init", place / "new", "--classes", "a,b")
bad.one_sentence("status", root)
filler.unlink()
for words in (("import", root, pictures), ("export", root, place / "out"), ("status", root)):
    assert bad.told(*words)[0] == 0, bad.told(*words)
bad.check(Service.open(root), saved)
"""

LIMITED = """
import resource, shutil, sys
from pathlib import Path
from annotator.service import Service
from tests.crash import on_a_bad_disk as bad
service, saved = Service.open(Path(sys.argv[1])), {}
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
for _ in range(int(sys.argv[2])):
    size = max(each.stat().st_size for each in Path(sys.argv[1]).glob("certilabel.db*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, unlimited[1]))
    bad.goes_on(service, saved, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, unlimited))
print(len(saved))
"""

READ_ONLY = """
import shutil, subprocess, sys
from pathlib import Path
from annotator.service import Service
from tests.crash import on_a_bad_disk as bad
place, made, pictures = Path(sys.argv[1]), *sys.argv[2:4]
root = place / "ws"
shutil.copytree(made, root)
service, saved = Service.open(root), {}
bad.label_until_refused(service, saved, most=10)
service.store.db.close()
subprocess.run(["mount", "-o", "remount,ro", place], check=True)
for words in (
    ("status", root),
    ("import", root, pictures),
    ("export", root, place / "out"),
    ("init", place / "new", "--classes", "a,b"),
    ("work", root, "--once"),
):
    bad.one_sentence(*words)
subprocess.run(["mount", "-o", "remount,rw", place], check=True)
service = Service.open(root)
bad.check(service, saved)
assert not bad.label_until_refused(service, saved, most=5)
bad.check(service, saved)
"""


def test_a_full_disk_takes_nothing_that_was_saved(tmp_path, counts, long_or_short):
    """Labels until it is full, room, more labels."""
    workspace(tmp_path / "ws", 12).close()
    times = long_or_short(20, 3)
    saved = small_disk.run(FULL, tmp_path / "disk", "3m", tmp_path / "ws", times)
    counts.add(times_full=times, saved_answers=int(saved), lost=0, stuck=0)


def test_a_full_disk_is_told_in_one_sentence(tmp_path, counts):
    """No command ends in a traceback, and each does its work once there is room."""
    workspace(tmp_path / "ws", 12).close()
    small_disk.run(COMMANDS, tmp_path / "disk", "3m", tmp_path / "ws", tmp_path / "ws source")
    counts.add(commands=4, lost=0, stuck=0)


def test_a_file_that_may_not_grow_takes_nothing_that_was_saved(tmp_path, counts, long_or_short):
    """A quota, or a limit of the process: an error that SQLite does not call a full disk."""
    workspace(tmp_path / "ws", 12).close()
    times = long_or_short(20, 3)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "ws"), str(times)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts.add(limits=times, saved_answers=int(done.stdout), lost=0, stuck=0)


def test_a_read_only_disk_is_told_in_one_sentence(tmp_path, counts):
    """No command changes anything or ends in a traceback, and labeling goes on afterwards."""
    workspace(tmp_path / "ws", 12).close()
    given = (tmp_path / "ws", tmp_path / "ws source")
    small_disk.run(READ_ONLY, tmp_path / "disk", "8m", *given)
    counts.add(commands=5, lost=0, stuck=0)
