"""`certilabel import` and `demo --data`: what they print, what they return, and when they fail."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from annotator.cli.commands import app
from annotator.cli.demo import demo
from annotator.errors import AnnotatorError, ImportingError
from annotator.imaging import values
from annotator.model import sentences
from annotator.service import Service
from tests.annotator.documents import dicom, pdf
from tests.annotator.importing.web import serving
from tests.annotator.pictures import png


@pytest.fixture
def scans(tmp_path):
    """Two classes in a divided source, and a note that is no image."""
    for seed, name in enumerate(("train/a/1.png", "train/b/2.png", "test/a/3.png", "test/b/4.png")):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(seed))
    (tmp_path / "scans" / "notes.txt").write_text("out of focus")
    return tmp_path / "scans"


@pytest.fixture
def root(tmp_path):
    Service.create(tmp_path / "ws", []).close()
    return tmp_path / "ws"


def import_(*arguments):
    """In this process, so that what it calls can be watched."""
    return app(["import", *map(str, arguments)], standalone_mode=False)


def printed(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_a_dry_run_says_what_would_be_and_writes_nothing(root, scans, capsys):
    """With the same words as the import that follows."""
    import_(root, scans, "--labels", "folders", "--add-classes", "--dry-run")
    told = printed(capsys)
    assert "Nothing was written. An import would give: 4 added" in told
    assert "New classes: 'a' (2 images), 'b' (2 images)" in told
    service = Service.open(root)
    assert service.progress().images == 0
    assert service.classes() == []
    service.close()


def test_documents_are_counted_with_their_pages(root, tmp_path, capsys):
    """In words and as JSON; with `--pages` they are refused before anything is read."""
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, texts in {"a": ("x", "y"), "b": ("x", "y", "z"), "c": ("alone",)}.items():
        (folder / f"{name}.pdf").write_bytes(pdf(*texts))
    with pytest.raises(ImportingError, match="leave one of them out"):
        import_(root, folder, "--documents", "--pages", "2")
    import_(root, folder, "--documents", "--dry-run", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["added"], found["documents"], found["pages"]) == (3, 2, 5)
    import_(root, folder, "--documents")
    assert "2 documents with 5 pages came in, each as one image to label." in printed(capsys)
    service = Service.open(root)
    assert [(each.name, each.pages) for each in service.images()] == [
        ("a.pdf", 2), ("b.pdf", 3), ("c.pdf", 1)
    ]  # fmt: skip
    service.close()


def test_windows_between_which_nobody_has_chosen_are_told_with_the_option(root, tmp_path, capsys):
    """How many images have several and how many none; not what a file calls them."""
    folder = tmp_path / "in"
    folder.mkdir()
    pixels = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
    names = {"WindowCenterWidthExplanation": ["BRAIN", "JANE ROE"]}
    several = {"WindowCenter": [40, 600], "WindowWidth": [80, 2000], **names}
    for number, elements in enumerate(
        (several, several, {"WindowCenter": 1, "WindowWidth": 9}, {})
    ):
        (folder / f"{number}.dcm").write_bytes(dicom(pixels + number, **elements))
    said = "2 DICOM images have several windows, such as 1 (center 40, width 80), 2 (center 600,"
    for options in (["--dry-run"], ["--dry-run", "--documents"]):
        import_(root, folder, *options)
        told = printed(capsys)
        assert said in told
        assert "`--window` shows another one by its name or number" in told
        assert "1 DICOM image has no window: shown from the 0.5th" in told
        assert "JANE" not in told
    import_(root, folder, "--window", "2")
    told = printed(capsys)
    assert "several windows" not in told
    assert "note 2.dcm: it has no window '2'" in told


def test_classes_are_named_before_anything_is_written(root, scans, capsys, monkeypatch):
    """On standard error, so that JSON stays JSON."""
    at_writing = []
    write = Service.take_in

    def noted(self, *given):
        at_writing.append(capsys.readouterr().err)
        return write(self, *given)

    monkeypatch.setattr(Service, "take_in", noted)
    import_(root, scans, "--labels", "folders", "--add-classes")
    assert "Classes to add: 'a' (2 images), 'b' (2 images)." in " ".join(at_writing[0].split())


def test_json_is_the_report_with_its_sentences(root, scans, capsys):
    """One object, of which each field is the report's."""
    import_(root, scans, "--labels", "folders", "--keep-splits", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["added"], found["labeled"], found["unknown"]) == (4, 0, {"a": 2, "b": 2})
    assert found["parts"] == {"train": 2, "test": 2}
    assert (found["kept"], found["written"]) == (2, True)
    [refused] = found["refused"]
    assert refused["name"] == "notes.txt"
    again = Service.open(root)
    report = again.foresee(again.read_source(scans, labels="folders"))
    assert found["said"][0] == sentences(replace(report, written=True))[0]
    again.close()


def test_the_first_copies_are_named_and_all_of_them_as_json(root, tmp_path, capsys):
    """A user who sees seven duplicates wants to know which files those are."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.png").write_bytes(png(1))
    import_(root, folder, "--dry-run")
    told = printed(capsys)
    assert "7 files are copies, for which no image comes in: 1.png of 0.png; " in told
    assert "5.png of 0.png; and 2 more, which `--json` lists." in told
    import_(root, folder, "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["copies"] == [[f"{number}.png", "0.png"] for number in range(1, 8)]
    assert not any("--json" in each for each in said["said"])


@pytest.mark.parametrize("as_json", [False, True])
def test_an_import_that_refuses_everything_fails(root, tmp_path, capsys, as_json):
    """A script must not go on as if there were images."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "notes.txt").write_text("out of focus")
    assert import_(root, tmp_path / "bad", *(["--json"] if as_json else [])) == 1
    assert "Nothing was imported: 1 file refused" in printed(capsys)


def test_what_a_table_names_by_address_is_fetched_where_asked_for(
    root, tmp_path, capsys, monkeypatch
):
    """And by nothing else: without the option the way out is told, and nobody is asked."""
    monkeypatch.setenv("no_proxy", "*")
    table = tmp_path / "list.csv"
    with serving({"a.png": png(1)}) as web:
        table.write_text(f"path,label\n{web.address('a.png')},x\n")
        with pytest.raises(ImportingError, match="`certilabel import --fetch` fetches them"):
            import_(root, table)
        assert web.asked == []
        import_(root, table, "--fetch", "--add-classes")
        assert web.asked == ["a.png"]
    assert "1 added" in printed(capsys)


@pytest.fixture
def unserved(monkeypatch):
    monkeypatch.setattr("annotator.cli.demo.serve_at", lambda *_: None)


def test_a_demo_brings_the_labels_of_folders_where_it_is_told_to(unserved, scans, tmp_path):
    """The classes are those below train and test."""
    demo(data=scans, labels="folders", root=tmp_path / "labeled")
    service = Service.open(tmp_path / "labeled")
    assert service.count_by_class() == {"a": 2, "b": 2}
    service.close()


def test_a_demo_without_that_says_what_it_left_out(unserved, scans, tmp_path, capsys):
    """The images are to be labeled; their folders name the classes."""
    demo(data=scans, root=tmp_path / "open")
    told = printed(capsys)
    assert "The folders say the class of 4 images, which was left out" in told
    assert "With `--labels folders` the images come labeled." in told
    service = Service.open(tmp_path / "open")
    assert service.count_by_class() == {"a": 0, "b": 0}
    service.close()


def test_a_demo_of_loose_images_asks_yes_or_no(unserved, tmp_path, capsys):
    """Nothing names a class."""
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "1.png").write_bytes(png(1))
    demo(data=tmp_path / "loose", root=tmp_path / "open")
    assert "Classes: yes, no." in printed(capsys)


def test_the_digits_have_no_labels_to_bring(unserved, tmp_path):
    """It is said before anything is made."""
    with pytest.raises(AnnotatorError, match="name a folder with `--data`"):
        demo(labels="folders", root=tmp_path / "digits")
    with pytest.raises(AnnotatorError, match="Did you mean 'folders'"):
        demo(data=tmp_path, labels="folder", root=tmp_path / "digits")
    assert not (tmp_path / "digits").exists()


def test_a_window_of_several_is_chosen_by_name(root, tmp_path, capsys):
    """What has no such window says so; what is here already keeps its own."""
    scan = tmp_path / "ct.dcm"
    pixels = np.arange(256, dtype=np.uint16).reshape(16, 16)
    scan.write_bytes(dicom(pixels, WindowCenter=[40, 99], WindowWidth=[80, 90]))
    import_(root, scan, "--window", "2")
    service = Service.open(root)
    with Image.open(service.workspace.image_path(service.images()[0].stored)) as image:
        assert values.of(image).windows[0] == (99.0, 90.0)
    service.close()
    import_(root, scan, "--window", "1")
    assert "images that were here already keep the window with which" in printed(capsys)
    other = tmp_path / "mr.dcm"
    other.write_bytes(dicom(pixels + 1))
    import_(root, other, "--window", "LUNG")
    assert "it has no window 'LUNG'" in printed(capsys)


def test_the_column_of_paths_can_be_named(root, scans, capsys):
    """Where several may be it, the error says how; of a folder it says nothing."""
    table = scans / "t.csv"
    table.write_text("file,image_file\nx.png,train/a/1.png\n")
    with pytest.raises(ImportingError, match="--path"):
        import_(root, table)
    import_(root, table, "--path", "image_file")
    assert "1 added" in printed(capsys)
    with pytest.raises(ImportingError, match="`--path` names the column of paths of a table"):
        import_(root, scans, "--path", "image_file")


def test_the_labels_of_a_table_can_be_left_out(root, scans):
    """By an empty name, whatever its columns are called."""
    table = scans / "t.csv"
    table.write_text("path,label\ntrain/a/1.png,a\n")
    import_(root, table, "--labels", "", "--add-classes")
    service = Service.open(root)
    assert (service.progress().images, service.classes()) == (1, [])
    service.close()
