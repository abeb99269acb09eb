"""A folder that is being made: whole, or as it was before."""

import signal
import subprocess
import sys

import pytest

from annotator.errors import WorkspaceError
from annotator.project import Workspace
from annotator.project.leftovers import aside
from annotator.service import Service

KILLED = """
import os, sys
from pathlib import Path
from annotator.service import Service
with Service.making(Path(sys.argv[1]), ["cat", "dog"]):
    os.kill(os.getpid(), 9)
"""
HELD = """
import sys
from pathlib import Path
from annotator.project import Workspace
from annotator.project.leftovers import aside
with Workspace.making(Path(sys.argv[1])):
    print("making", flush=True)
    sys.stdin.readline()
"""


def test_a_killed_init_leaves_no_workspace_and_the_next_one_makes_it(tmp_path):
    """Killed for real, with the database and its classes written and the marker not yet."""
    root = tmp_path / "ws"
    killed = subprocess.run([sys.executable, "-c", KILLED, root])
    assert killed.returncode == -signal.SIGKILL
    assert (root / "certilabel.db").exists()
    aside(root / "workspace.json").touch()  # as if it had been killed at the last step
    with pytest.raises(WorkspaceError, match="certilabel init"):
        Service.open(root)
    made = Service.create(root, ["red", "green", "blue"])
    assert [each.name for each in made.classes()] == ["red", "green", "blue"]
    made.close()
    assert [each.name for each in Service.open(root).classes()] == ["red", "green", "blue"]
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_body_that_fails_leaves_the_place_as_it_was(tmp_path, error, is_new):
    """A new folder is gone again; one that was there is empty again."""
    root = tmp_path / "ws"
    if not is_new:
        root.mkdir()

    def fail():
        with Service.making(root, ["cat", "dog"]):
            raise error

    with pytest.raises(error):
        fail()
    assert root.exists() != is_new
    assert list(root.iterdir() if root.exists() else ()) == []


def test_two_processes_never_make_one_folder(tmp_path):
    """The second is told; the first ends as if nothing had been."""
    root = tmp_path / "ws"
    with subprocess.Popen(
        [sys.executable, "-c", HELD, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout.readline() == "making\n"
        with pytest.raises(WorkspaceError, match="Another process is making"):
            Workspace.create(root)
        first.communicate("\n")
    assert first.returncode == 0
    assert Workspace.open(root).images.is_dir()


def test_a_claim_beside_other_things_clears_nothing(tmp_path):
    """Only what an init makes is cleared, and only where nothing else is."""
    (tmp_path / ".making").touch()
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "mine.png").touch()
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(WorkspaceError, match="not empty"):
        Workspace.create(tmp_path)
    assert (tmp_path / "images" / "mine.png").exists()


def test_a_claim_in_a_whole_workspace_is_taken_away(tmp_path):
    """Its process was killed after the last step; no later init may take it for half made."""
    root = Workspace.create(tmp_path).root
    (root / ".making").touch()
    Workspace.open(root)
    assert not (root / ".making").exists()
    (root / "workspace.json").unlink()
    with pytest.raises(WorkspaceError, match="not empty"):
        Workspace.create(root)


def test_a_folder_that_is_a_mounted_disk_can_be_a_workspace(tmp_path):
    """It is filled where it is: nothing is renamed over it, and nothing is made beside it."""
    before = tmp_path.stat().st_ino
    beside = set(tmp_path.parent.iterdir())
    Service.create(tmp_path, ["cat", "dog"]).close()
    assert tmp_path.stat().st_ino == before
    assert set(tmp_path.parent.iterdir()) == beside


def test_a_workspace_that_was_just_made_keeps_its_locks(tmp_path):
    """Another process that opens and leaves it is not the last: it must not remove the log."""
    service = Service.create(tmp_path / "ws", ["cat", "dog"])
    come_and_go = "import sys; from annotator.store import Store; from pathlib import Path; "
    come_and_go += "store = Store(Path(sys.argv[1])); store.settings.get(); store.db.close()"
    for name in ("one", "two"):
        service.add_class(name)
        command = [sys.executable, "-c", come_and_go, str(service.workspace.database)]
        subprocess.run(command, check=True, timeout=300)
        assert service.workspace.database.with_name("certilabel.db-wal").exists()
    assert [each.name for each in service.classes()] == ["cat", "dog", "one", "two"]
    service.close()
