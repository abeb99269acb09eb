"""Files that a browser has sent: whatever their names, each is looked at, and none stays behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.importing.uploads import LONGEST, laid_out
from annotator.service import Service
from tests.annotator.pictures import png

NAMES = {
    "cat.png": "cat.png",
    "../../etc/cat.png": "etc/cat.png",
    ".hidden.png": "hidden.png",
    "Thumbs.db": "_Thumbs.db",
    "a\0b.png": "ab.png",
    "half a pair \ud800.png": "half a pair ?.png",
    "": "unnamed",
    "..": "unnamed",
    "x" * 300 + ".png": "x" * (LONGEST - 4) + ".png",
    "ä" * 150 + ".png": "ä" * 98 + ".png",
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.items())
def test_any_name_becomes_one_that_a_disk_takes_and_an_import_sees(tmp_path, sent, kept):
    """Its own, wherever that can be, and never out of the folder."""
    assert laid_out([(sent, b"x")], tmp_path) == tmp_path
    assert (tmp_path / kept).read_bytes() == b"x"
    assert len(Path(kept).name.encode()) <= LONGEST


def test_every_file_that_was_sent_is_in_or_refused_by_its_name(tmp_path):
    """None is passed over in silence, as a hidden file of a folder is."""
    service = Service.create(tmp_path / "ws", ["cat"])
    sent = [(name, png(seed, 20, 20)) for seed, name in enumerate(NAMES)]
    report = service.import_uploads([*sent, (".notes", b"no image")])
    assert report.added == len(NAMES)
    [refused] = report.refused
    assert refused.name == "notes"
    assert [each.name for each in service.workspace.root.iterdir() if ".part" in each.name] == []


KILLED = """
import os, signal, sys
from annotator.importing import run
from annotator.service import Service

def killed(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)

run.read = killed
Service.open(sys.argv[1]).import_uploads([("anna.png", b"a face")])
"""


def test_what_a_killed_server_had_been_sent_lies_in_the_workspace_and_goes(tmp_path):
    """It may show a person: nobody else reads it, and the next import removes it."""
    service = Service.create(tmp_path / "ws", ["cat"])
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "ws"], check=False)
    assert done.returncode == -signal.SIGKILL
    [left] = (tmp_path / "ws").glob(".uploads.*")
    assert [each.read_bytes() for each in left.rglob("*.png")] == [b"a face"]
    assert left.stat().st_mode & 0o077 == 0
    service.import_uploads([("cat.png", png())])
    assert not left.exists()
