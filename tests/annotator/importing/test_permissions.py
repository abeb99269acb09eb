"""Importing as a user who may not read or write everything, even where the tests run as root."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from annotator.project import Workspace
from tests.annotator.pictures import png

ROOT = Path(__file__).parents[3]
PROGRAM = """
import concurrent.futures.thread, json, os, sys  # modules may lie where only root can read
from pathlib import Path
from PIL import Image
from annotator.errors import ImportingError
from annotator.importing.scan import scan
from annotator.project import Workspace
Image.init()
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
source, workspace = Path(sys.argv[1]), Workspace(Path(sys.argv[2]))
try:
    print(json.dumps([[type(e).__name__, e.name, getattr(e, "reason", "")]
                      for e in scan(source, workspace)]))
except ImportingError as error:
    print(json.dumps(str(error)))
"""


@pytest.fixture
def place():
    """A folder that others may look into; those of pytest are closed to them."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "source").mkdir()
        yield Path(folder)


def scan_without_rights(source, workspace):
    program = [sys.executable, "-c", PROGRAM, str(source), str(workspace.root)]
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def test_what_may_not_be_read_is_refused_by_name(place):
    """A closed file and a closed folder are named; the open image beside them comes in."""
    workspace, source = Workspace.create(place / "workspace"), place / "source"
    workspace.root.chmod(0o755)  # whoever has no rights must get this far
    workspace.images.chmod(0o777)
    (source / "open.png").write_bytes(png(1))
    (source / "closed.png").write_bytes(png(2))
    (source / "closed.png").chmod(0)
    (source / "shut").mkdir()
    (source / "shut" / "in.png").write_bytes(png(3))
    (source / "shut").chmod(0)
    try:
        assert scan_without_rights(source, workspace) == [
            ["Refused", "closed.png", "no permission to read it"],
            ["NewImage", "open.png", ""],
            ["Refused", "shut/", "no permission to read this folder"],
        ]
    finally:
        (source / "shut").chmod(0o755)


def test_a_source_that_is_shut_is_named(place):
    """The folder itself is refused, and so is one that a closed folder hides."""
    workspace, shut = Workspace.create(place / "workspace"), place / "shut"
    (shut / "deep").mkdir(parents=True)
    shut.chmod(0)
    try:
        assert scan_without_rights(shut, workspace) == [
            ["Refused", "shut/", "no permission to read this folder"]
        ]
        assert "Permission denied" in scan_without_rights(shut / "deep", workspace)
    finally:
        shut.chmod(0o755)


def test_a_workspace_that_cannot_be_written_stops_the_import(place):
    """Not the files are at fault: the message names the copy and says what to do."""
    workspace = Workspace.create(place / "workspace")
    workspace.images.chmod(0o555)
    (place / "source" / "open.png").write_bytes(png(1))
    assert "Cannot copy an image" in scan_without_rights(place / "source", workspace)
    assert list(workspace.images.iterdir()) == []
