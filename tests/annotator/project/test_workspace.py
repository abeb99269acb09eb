"""The folder of a project."""

import json
import stat
import subprocess
import sys

import pytest

from annotator.errors import WorkspaceError
from annotator.project import Workspace


def test_what_is_created_can_be_opened(tmp_path):
    """Open finds the folders that create made, and a database path among them."""
    made = Workspace.create(tmp_path / "new" / "project")
    opened = Workspace.open(tmp_path / "new" / "project")
    assert opened == made
    assert opened.database == opened.root / "certilabel.db"
    for folder in (opened.images, opened.features, opened.rounds, opened.exports):
        assert folder.is_dir()
        assert folder.parent == opened.root


def test_a_workspace_is_never_made_twice(tmp_path):
    """The second create says that one is there, and changes nothing."""
    secret = Workspace.create(tmp_path).secret
    with pytest.raises(WorkspaceError, match="workspace already"):
        Workspace.create(tmp_path)
    assert Workspace.open(tmp_path).secret == secret


def test_a_folder_with_other_things_is_no_place_for_a_workspace(tmp_path):
    """Someone's images are not mixed with ours; the message proposes another folder."""
    (tmp_path / "cat.png").touch()
    with pytest.raises(WorkspaceError, match=r"not empty.*name a new one"):
        Workspace.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cat.png"]


def test_opening_nothing_says_how_to_make_one(tmp_path):
    """The way out is the command that makes a workspace."""
    with pytest.raises(WorkspaceError, match="certilabel init"):
        Workspace.open(tmp_path / "absent")
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="certilabel init"):
        Workspace.open(tmp_path / "file")
    with pytest.raises(WorkspaceError, match="file"):
        Workspace.create(tmp_path / "file")


def test_a_newer_workspace_asks_for_an_upgrade(tmp_path):
    """An older program leaves a newer workspace alone."""
    marker = Workspace.create(tmp_path).root / "workspace.json"
    content = json.loads(marker.read_text())
    marker.write_text(json.dumps(content | {"version": content["version"] + 1}))
    with pytest.raises(WorkspaceError, match="pip install --upgrade"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": "x"}', '{"version": null}'])
def test_a_damaged_marker_is_told(tmp_path, text):
    """The message shows what the marker should read."""
    marker = Workspace.create(tmp_path).root / "workspace.json"
    marker.write_text(text)
    with pytest.raises(WorkspaceError, match=r"damaged.*version"):
        Workspace.open(tmp_path)


def test_the_secret_is_made_once_and_for_the_owner_alone(tmp_path):
    """32 bytes, the same at each look, closed to group and others, unlike another workspace's."""
    one, other = Workspace.create(tmp_path / "one"), Workspace.create(tmp_path / "other")
    assert len(one.secret) == 32
    assert one.secret == Workspace.open(one.root).secret != other.secret
    assert stat.S_IMODE((one.root / "secret").stat().st_mode) == 0o600
    (one.root / "secret").write_bytes(b"short")
    with pytest.raises(WorkspaceError, match="damaged"):
        _ = one.secret


def test_processes_that_start_together_share_one_secret(tmp_path):
    """Whoever is first makes it; the others read it."""
    Workspace.create(tmp_path)
    program = (
        "from pathlib import Path; from annotator.project import Workspace; import sys;"
        "print(Workspace.open(Path(sys.argv[1])).secret.hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    [told] = {process.communicate()[0] for process in started}
    assert told.strip() == Workspace.open(tmp_path).secret.hex()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("stored", ["../x.png", "images/../../x.png", "/etc/passwd", "secret", ""])
def test_an_image_path_stays_among_the_images(tmp_path, stored):
    """No stored path, however damaged, reaches the secret or another folder."""
    workspace = Workspace.create(tmp_path)
    with pytest.raises(WorkspaceError, match="no image"):
        workspace.image_path(stored)
    assert workspace.image_path("images/ab/abc.png") == tmp_path / "images" / "ab" / "abc.png"


def test_a_round_has_a_folder_of_its_own(tmp_path):
    """Checkpoints of different rounds never meet."""
    workspace = Workspace.create(tmp_path)
    assert workspace.round_folder(3).is_dir()
    assert workspace.round_folder(3) == workspace.rounds / "3" != workspace.round_folder(4)
