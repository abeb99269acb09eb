"""Which column is which."""

from pathlib import Path

import pytest

from annotator.errors import ImportingError
from annotator.importing.tables.columns import Columns, folded
from annotator.importing.tables.table import Table


def columns(*names):
    return Columns(Table(Path("list.csv"), names, lambda: iter(())))


def test_the_clearest_word_for_the_path_wins():
    """`path` before `filename` before `image` before `url`, whatever their order."""
    for names, at in {
        ("filename", "path"): 1,
        ("image", "file_name"): 1,
        ("url", "image"): 1,
        ("image_url",): 0,
        ("img path", "file"): 0,
    }.items():
        assert columns(*names).path() == at


def test_two_words_that_are_as_clear_are_both_named():
    """Nothing is decided by their order."""
    with pytest.raises(ImportingError, match=r"1 \('file'\) and 2 \('filename'\).*name the right"):
        columns("file", "filename").path()
    with pytest.raises(ImportingError, match=r"1 \('path'\) and 2 \('path'\).*of its own"):
        columns("path", "path").path()


def test_a_column_that_was_asked_for_is_taken_by_its_very_name_first():
    """Then by one that reads like it, which is said; a near miss is guessed."""
    found = columns("Class", "class")
    assert (found.named("class"), found.named("Class"), found.notes) == (1, 0, [])
    found = columns("path", "Class Name")
    assert found.named("class_name") == 1
    assert found.notes == ["column 'Class Name' is taken for 'class_name'"]
    with pytest.raises(ImportingError, match="Did you mean 'class'"):
        columns("path", "class").named("clas")


def test_what_could_hold_labels_is_listed_where_nothing_looks_meant():
    """An index is no such column, and a table of paths alone says nothing."""
    found = columns("path", "site", "Unnamed: 0", "")
    assert found.label(None) is None
    assert "if one of 'path', 'site' holds them, give `--labels COLUMN`" in found.notes[0]
    found = columns("path", "")
    assert found.label(None) is None
    assert found.notes == []


def test_an_option_can_be_copied_to_a_shell():
    """A name with a blank is quoted."""
    found = columns("path", "class name")
    found.label(None)
    assert "`--labels 'class name'`" in found.notes[0]


def test_names_read_alike_without_case_blanks_and_marks():
    assert {folded(name) for name in ("File_Name", "file-name", " FILE NAME", "fileName")} == {
        "filename"
    }
