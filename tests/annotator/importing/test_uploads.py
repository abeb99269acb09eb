"""Files that a browser sent: by their own names, never outside their folder, none passed over."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.importing.uploads import LONGEST, to_look_at
from annotator.model import How
from annotator.service import Service
from tests.annotator.bringing import sent, until
from tests.annotator.pictures import png


def below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_uploaded_files_keep_their_names(tmp_path):
    """Also with folders; the second of a name lies in a folder with a number."""
    names = ["scan 1.png", "set/cat/1.png", "scan 1.png", "scan 1.png"]
    assert to_look_at([(name, b"x") for name in names], tmp_path) == tmp_path
    assert below(tmp_path) == ["2/scan 1.png", "3/scan 1.png", "scan 1.png", "set/cat/1.png"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
@example(["2", "", ""])  # a slice, and the folder that keeps two of one name apart
@example(["scan", "scan/1"])
def test_no_name_leads_out_of_the_folder(tmp_path_factory, names):
    """Nor does any stop the others: each file is there."""
    folder = tmp_path_factory.mktemp("sent") / "in" / "here"
    folder.mkdir(parents=True)
    to_look_at([(name, b"x") for name in names], folder)
    assert sum(path.is_file() for path in folder.rglob("*")) == len(names)
    assert [path.name for path in folder.parent.iterdir()] == ["here"]


@pytest.mark.parametrize("name", ["../../x.png", "/etc/x.png", "..\\x.png", ".hidden.png", "a\0b"])
def test_names_that_lead_elsewhere_are_cut(tmp_path, name):
    """By dots, from the root, by a backslash; one that is hidden is seen."""
    (tmp_path / "in").mkdir()
    to_look_at([(name, b"x")], tmp_path / "in")
    [path] = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert path.is_relative_to(tmp_path / "in")
    assert not path.name.startswith(".")


def test_a_table_among_uploads_says_what_the_others_are(tmp_path):
    """A CSV of labels and its images can be sent together."""
    service = Service.create(tmp_path / "ws", ["cat"])
    table = b"path,label\na.png,cat\nb.png,\nabsent.png,cat\n"
    files = [("b.png", png(2)), ("labels.csv", table), ("a.png", png(1))]
    report = sent(service, files, table="labels.csv")
    assert (report.added, report.labeled) == (2, 1)
    assert [each.name for each in report.refused] == ["absent.png"]
    assert sorted(image.name for image in service.images()) == ["a.png", "b.png"]
    service.close()


def test_of_two_tables_at_once_one_is_chosen(tmp_path):
    """Each may say something else of the same images, so neither is taken unasked."""
    service = Service.create(tmp_path / "ws", ["cat", "dog"])
    files = [(f"{kind}.csv", f"path,label\na.png,{kind}\n".encode()) for kind in ("cat", "dog")]
    now = service.bringing.look_at_uploads([*files, ("a.png", png())], How())
    assert now.stage == "looked"
    assert [each.name for each in now.looked.beside] == ["cat.csv", "dog.csv"]
    service.bringing.read(How(), "dog.csv")
    assert until(service, "done").report.labeled == 1
    assert service.count_by_class() == {"cat": 0, "dog": 1}
    service.close()


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


@pytest.mark.parametrize(("name", "kept"), NAMES.items())
def test_any_name_becomes_one_that_a_disk_takes_and_an_import_sees(tmp_path, name, kept):
    """Its own, wherever that can be, and never out of the folder."""
    to_look_at([(name, b"x")], tmp_path)
    assert (tmp_path / kept).read_bytes() == b"x"
    assert len(Path(kept).name.encode()) <= LONGEST


def test_every_file_that_was_sent_is_in_or_refused_by_its_name(tmp_path):
    """None is passed over in silence, as a hidden file of a folder is."""
    service = Service.create(tmp_path / "ws", ["cat"])
    files = [(name, png(seed, 20, 20)) for seed, name in enumerate(NAMES)]
    report = sent(service, [*files, (".notes", b"no image")])
    assert report.added == len(NAMES)
    [refused] = report.refused
    assert refused.name == "notes"
    assert [each.name for each in service.workspace.root.iterdir() if ".part" in each.name] == []


KILLED = """
import os, signal, sys, time
from annotator.importing import run
from annotator.model import How
from annotator.service import Service

def killed(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)

run.read = killed
Service.open(sys.argv[1]).bringing.look_at_uploads([("anna.png", b"a face")], How())
time.sleep(60)
"""


def test_what_a_killed_server_had_been_sent_lies_in_the_workspace_and_goes(tmp_path):
    """It may show a person: nobody else reads it, and the next import removes it."""
    service = Service.create(tmp_path / "ws", ["cat"])
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "ws"], check=False)
    assert done.returncode == -signal.SIGKILL
    [left] = (tmp_path / "ws").glob(".uploads.*")
    assert [each.read_bytes() for each in left.rglob("*.png")] == [b"a face"]
    assert left.stat().st_mode & 0o077 == 0
    service.bringing.drop()
    sent(service, [("cat.png", png())])
    assert not left.exists()


@pytest.mark.parametrize(
    ("names", "begins"),
    [
        (["a.png", "b.png"], "."),
        (["a.png", "t.csv"], "."),
        (["t.csv"], "t.csv"),
        (["mine/a.png", "mine/t.csv"], "mine"),
        (["a.png", "tasks.json"], "tasks.json"),
        (["a.png", "t.csv", "u.csv"], "."),
        (["mine/a.png", "yours/a.png"], "."),
    ],
)
def test_a_look_begins_where_all_of_what_was_sent_is_seen(tmp_path, names, begins):
    """A table that a look finds beside the files is no source by itself: it might name a part."""
    files = [(name, b"x") for name in names]
    assert to_look_at(files, tmp_path) == tmp_path / begins
