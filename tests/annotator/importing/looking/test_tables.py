"""A table before it is read: what of it would be a guess, and what would come of it."""

import pytest

from annotator.errors import ImportingError
from annotator.importing.looking.tables import kinds, named, outcome, seen
from annotator.model import How
from tests.annotator.pictures import png

PLAIN = How()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.png").write_bytes(png(1))
    (tmp_path / "b.png").write_bytes(png(2))
    return tmp_path


def table(folder, text):
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "path", "label", "unclear"),
    [
        ("path,label", "path", "label", []),
        ("path", "path", None, []),
        ("path,Label", "path", "Label", ["column 'Label' looks like the one"]),
        ("path,class", "path", "class", ["column 'class' looks like the one"]),
        ("path,category", "path", "category", ["column 'category' looks like the one"]),
        ("path,diagnosis", "path", "diagnosis", ["column 'diagnosis' looks like the one"]),
        ("path,class,target", "path", None, ["each of 'class' and 'target' may hold the labels"]),
        ("path,Label,label", "path", None, ["each of 'Label' and 'label' may hold the labels"]),
        ("path,site", "path", None, ["no column is called 'label'"]),
        ("filename,label", "filename", "label", ["column 'filename' is taken for the one"]),
        (
            "nr,label,what",
            "nr",
            "label",
            ["no column is called 'path' and so names the files; 'nr'"],
        ),
        ("file,label,image_name", "file", "label", ["each of 'file' and 'image_name' may name"]),
    ],
)
def test_whatever_would_be_a_guess_is_told(folder, header, path, label, unclear):
    """Only `path` and `label` to the letter are none; what is likely is proposed."""
    others = ",x" * header.count(",")
    found = seen(table(folder, f"{header}\na.png{others}\nb.png{others}\n"), PLAIN)
    assert (found.path, found.label, found.count) == (path, label, 2)
    assert len(found.unclear) == len(unclear)
    for told, wanted in zip(found.unclear, unclear, strict=True):
        assert wanted in told
    assert found.first[0][0] == "a.png"


def test_columns_that_somebody_named_are_no_guess(folder):
    """And one that is not there is an error with those that are."""
    path = table(folder, "what,class\na.png,x\n")
    assert seen(path, How(path="what", labels="class")).unclear == ()
    with pytest.raises(ImportingError, match=r"No column named 'clas'.*class"):
        seen(path, How(path="what", labels="clas"))


def test_an_export_of_ours_is_clear(folder):
    """It says itself what its columns are."""
    path = table(folder, "path,sha256,label,source,split\na.png,00,cat,human,pool\n")
    assert seen(path, PLAIN).unclear == ()


def test_a_table_without_a_header_is_refused_with_what_it_needs(folder):
    """Its first line must name columns."""
    with pytest.raises(ImportingError, match="no header"):
        seen(table(folder, ",,\n"), PLAIN)


def test_the_outcome_counts_classes_and_names_what_is_missing(folder):
    """By the columns that are chosen, not by their names."""
    path = table(folder, "what,class\na.png,cat\nb.png,\nc.png,dog\n")
    found = outcome(path, How(path="what", labels="class"))
    assert (found.rows, found.missing, found.first_missing) == (3, 1, "c.png")
    assert (found.classes, found.unlabeled) == ({"cat": 1, "dog": 1}, 1)
    assert outcome(path, How(path="what", labels="")).classes == {}
    assert outcome(path, How(path="class", labels="what")).missing == 3


def test_numbers_of_classes_are_counted_as_an_import_reads_them(folder):
    """`0.0` and `0` are one where the column holds numbers alone."""
    path = table(folder, "path,label\na.png,0.0\nb.png,0\n")
    assert outcome(path, PLAIN).classes == {"0": 2}


def test_rows_that_name_files_are_counted_and_so_are_the_kinds_of_files(folder):
    """Files are called as below the source, rows as below the table."""
    path = table(folder, "path,label\na.png,x\n./b.png,x\nsub\\c.JPG,x\n")
    assert named(path, "path", {"a.png", "b.png"}, "") == 2
    assert named(path, "path", {"in/a.png", "in/sub/c.JPG"}, "in/") == 2
    assert kinds(path, "path") == {".png": 2, ".jpg": 1}
    assert kinds(path, None).total() == 3
