"""What of a source is not clear is asked on the page Data before anything is read."""

import pytest

from tests.annotator.pictures import png
from tests.annotator.ui.bringing.drawing import TIMEOUT, box, drawn, press, read, told


@pytest.mark.parametrize("column", ["Label", "class", "category", "diagnosis"])
def test_a_column_that_looks_meant_is_proposed_and_asked_about(service, scans, column):
    """Nothing is read before somebody has looked; then it is what was chosen."""
    table = scans / "train" / "labels.csv"
    table.write_text(f"path,{column}\ncat/1.png,cat\n")
    app = read(drawn(service), table, folders=False)
    assert "Nothing is read yet" in told(app)
    assert f"column '{column}' looks like the one that holds the labels" in told(app)
    assert [each.value for each in app.selectbox] == ["path", column]
    assert "1 row: 1 name a file. Labels: 'cat' (1 row)." in told(app)
    press(app, "Import")
    assert service.count_by_class() == {"cat": 1}


def test_which_of_several_columns_holds_the_labels_is_chosen(service, scans):
    """Without a choice there are none, and what would come of each is told."""
    table = scans / "train" / "labels.csv"
    table.write_text("path,site,truth\ncat/1.png,here,cat\n")
    app = read(drawn(service), table, folders=False)
    assert "no column is called 'label'" in told(app)
    assert "No labels." in told(app)
    app.selectbox[1].select("truth").run(timeout=TIMEOUT)
    assert "Labels: 'cat' (1 row)." in told(app)
    press(app, "Import")
    assert service.count_by_class() == {"cat": 1}


def test_a_table_beside_its_files_is_offered(service, scans):
    """By its name, with how much of the folder it tells of; without it there are no labels."""
    table = scans / "train" / "labels.csv"
    table.write_text("path,label\ncat/1.png,cat\n")
    app = read(drawn(service), scans / "train", folders=False)
    [choice] = app.radio
    first = choice.options[0].replace("\\", "")
    assert first.startswith(
        "'labels.csv' in this folder looks like labels for these files: use it?"
    )
    assert "1 of 1; it does not name 1 other file" in first
    app = choice.set_value("").run(timeout=TIMEOUT)
    app = press(app, "Import")
    assert "2 images added" in told(app)
    assert service.count_by_class() == {"cat": 0}


def test_files_that_a_table_does_not_name_come_in_by_a_box(service, scans):
    """A table of some labels is no list of all that there is."""
    table = scans / "train" / "labels.csv"
    table.write_text("path,label\ncat/1.png,cat\n")
    app = read(drawn(service), scans / "train", folders=False)
    box(app, "Bring in the other files as well, without labels: 1").check()
    app = press(app.run(timeout=TIMEOUT), "Import")
    assert "2 images added, 0 were there already, 1 label came with them." in told(app)
    assert {each.name for each in service.images()} == {"cat/1.png", "dog/2.png"}
    assert service.count_by_class() == {"cat": 1}


def test_rows_of_images_that_are_here_are_counted_as_such_before_anything_is_read(service, scans):
    """A table by itself, and one beside files that it does not name."""
    service.import_source(scans)
    (scans.parent / "alone").mkdir()
    alone = scans.parent / "alone" / "more.csv"
    alone.write_text("path,class\ncat/1.png,cat\n3.png,dog\ngone.png,dog\n")
    app = read(drawn(service), alone, folders=False)
    said = "3 rows: 0 name a file, 2 an image that is here already, 1 name none that is there"
    assert f"{said}, such as 'gone.png'." in told(app)
    press(app, "Discard")
    (alone.parent / "new.png").write_bytes(png(77))
    table = alone.parent / "other.csv"
    table.write_text("path,class\nnew.png,cat\n")
    app = read(drawn(service), alone.parent, folders=False)
    noted = " ".join(each.value.replace("\\", "") for each in app.caption)
    assert "'more.csv' is a table, too, but names no file of this folder. 2 rows of it" in noted
    assert "import it by itself to label these" in noted


def test_folders_that_may_be_classes_are_offered(service, scans):
    """Chosen at once where one of them is a class here."""
    app = read(drawn(service), scans / "train", folders=False)
    assert app.radio[0].value == "folders"
    app = press(app, "Import")
    assert "1 label left out, as there are no such classes here: 'dog' (1 image)" in told(app)


def test_a_folder_of_hugging_face_is_imported_by_the_column_that_is_chosen(service, tmp_path):
    """Its column is not called `label`, so the page asks; what is answered is read."""
    folder = tmp_path / "hf"
    folder.mkdir()
    (folder / "1.png").write_bytes(png(1))
    (folder / "metadata.csv").write_text("file_name,kind\n1.png,cat\n")
    app = read(drawn(service), folder, folders=False)
    assert "no column is called 'label'" in told(app)
    [field] = app.selectbox
    app = press(field.set_value("kind").run(timeout=TIMEOUT), "Import")
    assert "1 image added, 0 were there already, 1 label came with them." in told(app)
    assert service.count_by_class() == {"cat": 1}
