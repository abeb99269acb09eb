"""The import on the page Data: look first, then agree; and what came of it."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from annotator.service import Service
from annotator.ui.parts.bringing import WAYS, on_page
from tests.annotator.documents import pdf, tiff
from tests.annotator.pictures import png

TIMEOUT = 180  # seconds: the first run imports what pages draw with


@pytest.fixture
def service(tmp_path):
    made = Service.create(tmp_path / "ws", ["cat"])
    yield made
    made.close()


@pytest.fixture
def scans(tmp_path):
    for seed, name in enumerate(("train/cat/1.png", "train/dog/2.png", "test/dog/3.png")):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(seed))
    return tmp_path / "scans"


def script(service):
    from annotator.ui.parts.bringing import bring_in, report

    bring_in(service)
    report()


def drawn(service):
    return AppTest.from_function(script, kwargs={"service": service}).run(timeout=TIMEOUT)


def press(app, label):
    [button] = [each for each in app.button if each.label == label]
    return button.click().run(timeout=TIMEOUT)


def box(app, words):
    [found] = [each for each in app.checkbox if words in each.label]
    return found


def read(app, source, *, folders=True):
    app.text_input[0].set_value(str(source))
    if folders:
        box(app, "Folder names").check()
    return press(app, "Import")


def test_files_of_several_pages_are_documents_where_the_box_says_so(service, tmp_path):
    """The report counts them, and a refusal names the box and not an option of a command."""
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf("x", "y"))
    (folder / "b.tif").write_bytes(tiff(*np.zeros((2, 9, 9), np.uint8), np.zeros((2, 9), np.uint8)))
    app = drawn(service)
    box(app, "one document").check()
    app = read(app, folder, folders=False)
    assert "1 document with 2 pages came in" in told(app)
    assert "without 'A file of several pages is one document' each page is an image" in told(app)
    assert [each.pages for each in service.images()] == [2]


def told(app):
    kinds = (app.markdown, app.success, app.error, app.warning)
    return " ".join(each.value.replace("\\", "") for kind in kinds for each in kind)


def test_a_source_that_asks_nothing_is_taken_in_at_once(service, scans):
    """One press, as before."""
    app = read(drawn(service), scans / "train" / "cat", folders=False)
    assert not app.exception
    assert "1 image added, 0 were there already." in told(app)
    assert service.progress().images == 1


def test_what_a_source_asks_is_shown_before_anything_is_written(service, scans):
    """The boxes change what would come of it; with them agreed to, it does."""
    app = read(drawn(service), scans)
    assert not app.exception
    assert "Nothing is written yet" in told(app)
    assert "2 labels left out, as there are no such classes here: 'dog' (2 images)" in told(app)
    assert WAYS.add_classes in told(app)
    assert service.progress().images == 0
    box(app, "Add these classes").check()
    box(app, "Keep its test set").check()
    app.run(timeout=TIMEOUT)
    assert "New classes: 'dog' (2 images)." in told(app)
    assert service.classes()[-1].name == "cat"
    app = press(app, "Import")
    assert "3 images added, 0 were there already, 3 labels came with them." in told(app)
    assert service.count_by_class() == {"cat": 1, "dog": 2}
    assert [image.name for image in service.images(kind="test")] == ["test/dog/3.png"]


def test_what_was_read_can_be_discarded(service, scans):
    """Nothing is in, and the form is there again."""
    app = press(read(drawn(service), scans), "Discard")
    assert "Folder names are labels" in [each.label for each in app.checkbox]
    assert service.progress().images == 0


def test_labels_that_differ_are_taken_over_by_a_box(service, scans):
    """They are listed with both labels first."""
    service.import_source(scans / "train", labels="folders")
    table = scans / "train" / "labels.csv"
    table.write_text("path,label\ncat/1.png,cat\n")
    service.add_class("tiger")
    table.write_text("path,label\ncat/1.png,tiger\n")
    app = read(drawn(service), table, folders=False)
    assert "cat/1.png is 'cat' here by import, 'tiger' in the source" in told(app)
    box(app, "Take over these labels").check()
    press(app.run(timeout=TIMEOUT), "Import")
    assert service.count_by_class() == {"cat": 0, "tiger": 1}


def test_what_is_refused_is_named_with_its_reason_before_anything_is_written(service, scans):
    """Whoever is asked to agree sees what would be missing; a few files need no click."""
    (scans / "train" / "cat" / "notes.txt").write_text("x")
    app = read(drawn(service), scans)
    assert "Nothing is written yet" in told(app)
    [listed] = [each for each in app.expander if each.label == "Refused files (1)"]
    assert listed.proto.expanded
    assert "**train/cat/notes.txt**: " in told(app)


def test_labels_that_no_column_holds_are_told_with_the_field_that_names_one(service, scans):
    """The page's own field, not an option of the command line."""
    table = scans / "train" / "labels.csv"
    table.write_text("path,site,truth\ncat/1.png,here,cat\n")
    app = read(drawn(service), table, folders=False)
    assert "give COLUMN as 'Column of the labels'" in told(app)
    assert "--labels" not in told(app)


@pytest.mark.parametrize(
    ("option", "field"),
    [
        ("Leave `--labels` out.", "Leave 'Column of the labels' out."),
        ("without `--labels folders`: it", "without the box 'Folder names are labels': it"),
        ("give `--labels a` or `--labels b`", "give a as '{0}' or b as '{0}'"),
        ("`--pages 3-9` reads on", "3-9 as 'Pages of PDF, TIFF and DICOM files' reads on"),
        ("damaged: `--x` is left", "damaged: `--x` is left"),
    ],
)
def test_options_of_the_command_line_are_named_as_fields_of_the_form(option, field):
    """What has no field stays as it is."""
    assert on_page(option) == field.format("Column of the labels")


def test_an_import_that_refuses_everything_is_an_error_on_the_page(service, tmp_path):
    """Not a green box."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "notes.txt").write_text("x")
    app = read(drawn(service), tmp_path / "bad", folders=False)
    assert "0 images added" in app.error[0].value
    assert not app.success
    assert "Nothing was imported: 1 file refused" in told(app)
