"""An import beside the pages: one at a time, seen by all, stopped and gone on with, cut off."""

import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from annotator.errors import AnnotatorError, ImportingError
from annotator.importing.writing import pieces
from annotator.model import Agreed, How, Person
from annotator.service import Service
from annotator.service.bringing.bringing import wanted
from tests.annotator.bringing import until
from tests.annotator.pictures import png

PLAIN = How()


@pytest.fixture
def service(tmp_path):
    made = Service.create(tmp_path / "ws", ["cat"])
    yield made
    made.bringing.abandon()
    made.close()


@pytest.fixture
def scans(tmp_path):
    for seed in range(12):
        path = tmp_path / "scans" / f"{seed:02}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png(seed))
    return tmp_path / "scans"


def test_what_asks_nothing_is_imported_by_one_call(service, scans):
    """And its report stays until somebody has seen enough of it."""
    assert service.bringing.state() is None
    service.bringing.look(scans, PLAIN)
    now = until(service, "done")
    assert (now.files, now.total, now.report.added) == (12, 12, 12)
    assert service.progress().images == 12
    service.bringing.drop()
    assert service.bringing.state() is None


def test_what_would_be_a_guess_is_asked_before_anything_is_read(service, scans):
    """Here a table lies beside the files, whose columns have names of their own."""
    (scans / "truth.csv").write_text("what,kind\n00.png,cat\n01.png,cat\n")
    now = service.bringing.look(scans, PLAIN)
    assert (now.stage, now.files, service.progress().images) == ("looked", 0, 0)
    how = How(path="what", labels="kind")
    assert service.bringing.outcome("truth.csv", how).classes == {"cat": 2}
    service.bringing.read(how, "truth.csv")
    assert until(service, "done").report.labeled == 2
    assert service.progress().images == 2


def test_a_table_can_be_read_without_its_labels(service, scans):
    """Even where a column is called so."""
    (scans / "truth.csv").write_text("path,label\n00.png,cat\n")
    service.bringing.look(scans, PLAIN)
    service.bringing.read(How(path="path", labels=""), "truth.csv")
    report = until(service, "done").report
    assert (report.added, report.labeled, report.unknown) == (1, 0, {})


def test_folders_below_a_folder_can_be_the_classes(service, tmp_path):
    """Where the only folder holds them, as in what an archive unpacks to."""
    for seed, name in enumerate(("cat/1.png", "dog/2.png")):
        path = tmp_path / "zip" / "unpacked" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(png(seed))
    service.bringing.look(tmp_path / "zip", PLAIN)
    service.bringing.read(How("folders"))
    assert until(service, "read").report.unknown == {"dog": 1}
    assert service.bringing.foresee(Agreed(add_classes=True)).classes == {"dog": 1}
    service.bringing.finish(Agreed(add_classes=True))
    assert until(service, "done").report.labeled == 2


def test_no_table_outside_the_source_can_be_named(service, scans, tmp_path):
    """A page sends names; only those that it was shown count."""
    (tmp_path / "other.csv").write_text("path,label\nx.png,cat\n")
    (scans / "truth.csv").write_text("path,label\n00.png,cat\n")
    service.bringing.look(scans, PLAIN)
    with pytest.raises(AnnotatorError, match="is no table of"):
        service.bringing.read(PLAIN, "../other.csv")


@pytest.mark.parametrize("form", ["metadata.csv", "data/metadata.csv", "train/metadata.jsonl"])
@pytest.mark.parametrize(("column", "labeled"), [("kind", 2), ("", 0)])
def test_a_folder_of_hugging_face_is_read_by_the_column_that_was_chosen(
    service, tmp_path, form, column, labeled
):
    """Wherever its metadata lie; with none chosen the images come in without labels."""
    lies = (tmp_path / "hf" / form).parent
    lies.mkdir(parents=True)
    for seed in range(2):
        (lies / f"{seed}.png").write_bytes(png(seed))
    table = "file_name,kind\n0.png,cat\n1.png,cat\n"
    if form.endswith(".jsonl"):
        table = "".join(f'{{"file_name": "{seed}.png", "kind": "cat"}}\n' for seed in range(2))
    (tmp_path / "hf" / form).write_text(table)
    now = service.bringing.look(tmp_path / "hf", PLAIN)
    assert (now.stage, now.looked.table.label) == ("looked", None)
    with pytest.raises(AnnotatorError, match="is no table of"):
        service.bringing.read(How(labels=column), "other.csv")
    service.bringing.read(How(labels=column), now.looked.table.name)
    report = until(service, "done").report
    assert (report.added, report.labeled) == (2, labeled)
    assert len(service.store.labels.current()) == labeled


def test_files_of_a_browser_are_looked_at_as_a_folder_is(service):
    """The one folder that they lie in is the source; their names are those below it."""
    files = [("mine/a.png", png(1)), ("mine/b.png", png(2))]
    table = ("mine/t.csv", b"path,label\na.png,cat\n")
    now = service.bringing.look_at_uploads([*files, table], PLAIN)
    assert now.sent
    assert [each.name for each in now.looked.beside] == ["t.csv"]
    service.bringing.read(PLAIN)
    until(service, "done")
    assert sorted(image.name for image in service.images()) == ["a.png", "b.png"]
    assert not list(service.workspace.root.glob(".uploads*"))


def test_one_import_at_a_time_and_everybody_sees_it(service, scans):
    """Whoever comes second is told whose it is."""
    (scans / "truth.csv").write_text("path,label\n00.png,cat\n")
    anna = service.acting(Person("anna", "admin"))
    anna.bringing.look(scans, PLAIN)
    assert service.bringing.state().by == "anna"
    with pytest.raises(AnnotatorError, match="waits for an answer, begun by anna"):
        service.bringing.look(scans, PLAIN)
    service.bringing.drop()
    with pytest.raises(AnnotatorError, match="does not wait for an answer any more"):
        anna.bringing.read(PLAIN)


def test_a_source_that_cannot_be_read_leaves_the_form_free(service, tmp_path):
    """Nothing waits, and nothing lies about."""
    with pytest.raises(ImportingError):
        service.bringing.look(tmp_path / "nowhere", PLAIN)
    with pytest.raises(ImportingError):
        service.bringing.look_at_uploads([("t.csv", b",,\n")], PLAIN)
    assert service.bringing.state() is None
    assert not list(service.workspace.root.glob(".uploads*"))


def held_up(monkeypatch, after):
    """Have reading wait after some files until the event is set."""
    from annotator.importing import scan

    go, lock, seen, plain = threading.Event(), threading.Lock(), [], scan.take

    def take(source, here):
        with lock:
            seen.append(source)
            late = len(seen) > after
        if late:
            assert go.wait(60)
        return plain(source, here)

    monkeypatch.setattr(scan, "take", take)
    return go


def test_an_import_that_is_stopped_keeps_what_was_read_and_goes_on_later(
    service, scans, monkeypatch
):
    """Nothing is lost, nothing comes twice, and what is here is skipped."""
    go = held_up(monkeypatch, 3)
    service.bringing.look(scans, PLAIN)
    now = service.bringing.state()
    assert (now.stage, now.total) == ("reading", 12)
    service.bringing.stop()
    assert service.bringing.state().stopping
    go.set()
    now = until(service, "read")
    assert 3 <= now.files < 12
    assert now.rest == 12 - now.files
    assert now.report.added == now.files
    assert service.progress().images == 0
    service.bringing.finish(Agreed())
    assert until(service, "done").report.added == now.files
    service.bringing.look(scans, PLAIN)
    again = until(service, "done")
    assert (again.report.added, again.report.duplicates) == (now.rest, now.files)
    assert service.progress().images == 12


@pytest.fixture
def cut_short(monkeypatch):
    """Have an import of four images at a time lose the right to write after the first four."""

    def arrange(service):
        def rest(_seconds):
            monkeypatch.undo()
            service.store.db.run("PRAGMA query_only = 1")  # of the connection of that thread alone

        monkeypatch.setattr(pieces, "AT_ONCE", 4)
        monkeypatch.setattr(pieces, "time", SimpleNamespace(time=time.time, sleep=rest))

    return arrange


@pytest.mark.parametrize("again", [True, False])
def test_what_was_written_in_part_is_said_and_brought_in_or_left(service, scans, cut_short, again):
    """What is in is whole and has its first questions prepared, also where the rest is left."""
    cut_short(service)
    service.bringing.look(scans, PLAIN)
    now = until(service, "read")
    assert (now.written, service.progress().images) == (True, 4)
    assert "4 of 12 new images and 0 labels are in already" in now.error
    assert (now.report.added, now.report.duplicates) == (8, 4)
    if again:
        service.bringing.finish(Agreed())
        assert until(service, "done").report.added == 8
    service.bringing.drop()
    assert service.bringing.state() is None
    assert service.progress().images == (12 if again else 4)
    assert service.active_job().kind == "prepare"


def test_answers_are_taken_while_an_import_reads(service, scans, monkeypatch):
    """The reading holds nothing that labeling needs."""
    service.import_source(scans)
    more = scans.parent / "more"
    more.mkdir()
    (more / "new.png").write_bytes(png(99))
    go = held_up(monkeypatch, 0)
    service.bringing.look(more, PLAIN)
    assert service.bringing.state().stage == "reading"
    class_id = service.classes()[0].id
    service.answer_anew([1], class_id)
    assert service.progress().labeled == 1
    go.set()
    until(service, "done")


SERVER = """
import sys, time
from annotator.model import How
from annotator.importing import scan
from annotator.service import Service

plain = scan.take
def slow(source, here):
    time.sleep(0.3)
    return plain(source, here)
scan.take = slow
scan.WORKERS = 1
service = Service.open(sys.argv[1])
service.bringing.look(sys.argv[2], How())
print("reading", flush=True)
time.sleep(60)
"""


def test_a_killed_server_leaves_a_sound_store_and_the_next_says_what_happened(service, scans):
    """As a power cut would: nothing of it is in, and importing again brings all of it."""
    root = str(service.workspace.root)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, root, str(scans)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout.readline() == "reading\n"
    assert service.bringing.state().stage == "elsewhere"
    server.send_signal(signal.SIGKILL)
    server.communicate()
    now = service.bringing.state()
    assert (now.stage, now.source, now.total, now.written) == ("cut", str(scans), 12, False)
    assert service.progress().images == 0
    service.check()
    service.bringing.look(scans, PLAIN)
    assert until(service, "done").report.added == 12
    service.bringing.drop()
    assert service.bringing.state() is None


def test_what_was_said_is_what_is_wanted():
    """Nothing that was left empty counts as said, but for labels that are to be left out."""
    assert wanted(PLAIN).labels is None
    assert wanted(How(labels="")).labels == ""
    said = wanted(How("kind", "what", "parent", "first", ("Modality",), "BONE"))
    assert (said.labels, said.path, said.group) == ("kind", "what", "parent")
    assert (said.pages, said.tags, said.window) == ("first", ("Modality",), "BONE")
