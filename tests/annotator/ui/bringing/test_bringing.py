"""The import on the page Data: look first, then agree; and what came of it."""

import numpy as np
import pytest

from annotator.ui.bringing.wording import WAYS
from tests.annotator.documents import pdf, tiff
from tests.annotator.pictures import png
from tests.annotator.ui.bringing.drawing import TIMEOUT, box, drawn, press, read, sending, told


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


def test_pages_that_come_in_one_by_one_are_told_with_the_box_that_is_in_sight(service, tmp_path):
    """Before the first press, not under more options: page by page is how they stay."""
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf("x", "y"))
    app = drawn(service)
    named = "A file of several pages is one document"
    assert box(app, named)
    assert named not in [box.label for each in app.expander for box in each.checkbox]
    assert "DICOM, PDF and TIFF files" in app.caption[0].value
    app = read(app, folder, folders=False)
    assert "2 images are pages of 1 file, and each page is labeled by itself" in told(app)
    assert f"The box '{named}' of another import makes one image of each file" in told(app)


def test_once_it_is_written_no_box_is_named_that_is_gone(service, scans):
    """Labels were left out, and the boxes that were not ticked went with the question."""
    app = press(read(drawn(service), scans), "Import")
    assert "3 images added" in told(app)
    assert not [each for each in app.checkbox if "Add these classes" in each.label]
    assert "The box 'Add these classes' of another import adds them; their images are in" in told(
        app
    )
    assert "a test set was drawn anew" in told(app)


def test_a_source_that_asks_nothing_is_taken_in_at_once(service, scans):
    """One press, as before."""
    app = read(drawn(service), scans / "train" / "cat", folders=False)
    assert not app.exception
    assert "1 image added, 0 were there already." in told(app)
    assert service.progress().images == 1
    assert app.caption[0].value == "Label images"  # above all else that there is to say
    app = read(app, scans / "train" / "cat", folders=False)
    assert "0 images added, 1 was there already." in told(app)
    assert app.caption[0].value != "Label images"


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
    assert "**cat/1.png**: 'cat' here by import, 'tiger' in the source" in told(app)
    box(app, "Take over these labels").check()
    press(app.run(timeout=TIMEOUT), "Import")
    assert service.count_by_class() == {"cat": 0, "tiger": 1}


def test_what_is_refused_is_named_with_its_reason_before_anything_is_written(service, scans):
    """Whoever is asked to agree sees what would be missing; a few files need no click."""
    (scans / "train" / "cat" / "notes.txt").write_text("x")
    app = read(drawn(service), scans)
    assert "Nothing is written yet" in told(app)
    [listed] = [each for each in app.expander if each.label.startswith("Refused files (1)")]
    assert listed.proto.expanded
    assert "**train/cat/notes.txt**: " in told(app)


def test_many_refused_files_are_counted_by_reason_and_can_be_taken_along(service, tmp_path):
    """A line each would fill the screen."""
    (tmp_path / "bad").mkdir()
    for number in range(40):
        (tmp_path / "bad" / f"{number:02}.txt").write_text("x")
    app = read(drawn(service), tmp_path / "bad", folders=False)
    assert any(each.value.startswith("40 × not an image") for each in app.caption)
    assert len(app.dataframe[0].value) == 40
    assert app.get("download_button")


def test_who_chooses_two_sources_or_none_is_asked_for_one(service):
    """Neither is passed over without a word."""
    app = press(drawn(service), "Import")
    assert "Choose files or a folder from this computer" in told(app)


def test_how_an_import_ended_is_seen_by_all_until_it_is_dismissed(service, scans):
    """Also by a page that was opened later."""
    read(drawn(service), scans / "train" / "cat", folders=False)
    later = drawn(service)
    assert "1 image added, 0 were there already." in told(later)
    app = press(later, "Dismiss")
    assert "1 image added" not in told(app)


def test_an_import_that_was_cut_off_is_told(service, scans):
    """With what became of it, and how it goes on."""
    from annotator.model import Going
    from annotator.service.bringing.trace import Trace

    Trace.of(service.workspace).leave(Going("reading", "scans", files=3, total=9), now=True)
    app = drawn(service)
    assert "The import of scans was cut off after 3 of 9 files" in told(app)
    assert "nothing of it is here" in told(app)
    assert "cut off" not in told(press(app, "Dismiss"))


def test_an_import_that_refuses_everything_is_an_error_on_the_page(service, tmp_path):
    """Not a green box."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "notes.txt").write_text("x")
    app = read(drawn(service), tmp_path / "bad", folders=False)
    assert "0 images added" in app.error[0].value.replace("\\", "")
    assert not app.success
    assert "Nothing was imported: 1 file refused" in told(app)


@pytest.mark.parametrize("answer", ["Import", "Discard"])
def test_what_is_in_in_part_is_said_with_what_becomes_of_the_rest(
    service, tmp_path, monkeypatch, answer
):
    """The page does not say that nothing is written, and either button does what it says."""
    from annotator.importing.writing import pieces

    (tmp_path / "more").mkdir()
    for seed in range(6):
        (tmp_path / "more" / f"{seed}.png").write_bytes(png(seed))
    db, fails = service.store.db, "BEGIN SELECT json('{' || random()); END"
    db.run(f"CREATE TRIGGER full AFTER INSERT ON image WHEN new.id > 4 {fails}")
    monkeypatch.setattr(pieces, "AT_ONCE", 4)
    app = read(drawn(service), tmp_path / "more", folders=False)
    assert "Some of it is in. *Import* brings in the rest" in told(app).replace("**", "")
    assert "Nothing is written yet" not in told(app)
    assert "4 of 6 new images and 0 labels are in already" in told(app)
    assert "2 images to add, 4 are there already." in told(app)
    db.run("DROP TRIGGER full")
    app = press(app, answer)
    assert not app.exception
    assert ("2 images added" in told(app)) == (answer == "Import")
    assert service.progress().images == (6 if answer == "Import" else 4)


@pytest.mark.parametrize("label", ["Files from this computer", "Or a whole folder"])
def test_files_that_an_import_took_or_refused_are_not_sent_with_the_next_one(service, label):
    """The form holds them while it is to be pressed again, and is empty once the import began."""
    app = drawn(service)
    sending(app, label).set_value(
        [("notes.txt", b"x", "text/plain"), ("a.png", png(1), "image/png")]
    )
    [field] = [each for each in app.text_input if "on the server" in each.label]
    field.set_value("/nowhere")
    app = press(app, "Import")
    assert "Choose one" in told(app)
    assert len(sending(app, label).value) == 2
    [field] = [each for each in app.text_input if "on the server" in each.label]
    field.set_value("")
    app = press(app, "Import")
    assert "1 image added, 0 were there already, 1 refused" in told(app)
    assert not sending(app, label).value
