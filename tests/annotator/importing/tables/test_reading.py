"""A table as import uses it."""

import csv
from pathlib import Path

import pytest

from annotator.errors import ImportingError
from annotator.importing.tables import opened
from annotator.importing.tables.reading import Reading

OWN = ("path", "sha256", "label", "source", "split")


def put(folder, rows, name="list.csv"):
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def labels(path, **given):
    reading = Reading(opened(path), **given)
    return [reading.told(row).label for row in reading.table.rows()]


def test_classes_of_an_export_stay_as_they_are(tmp_path):
    """A class "0.0" beside "1.0" was somebody's choice there; elsewhere a program's."""
    rows = [("a", "", "0.0", "human", "pool"), ("b", "", "1.0", "human", "pool")]
    assert labels(put(tmp_path, [OWN, *rows])) == ["0.0", "1.0"]
    assert labels(put(tmp_path, [("path", "n", "label", "x", "y"), *rows])) == ["0", "1"]


def test_pseudo_labels_are_a_models_word_in_any_table(tmp_path):
    """Also where somebody took out columns of an export, so that it is not known as one."""
    path = put(tmp_path, [("path", "label", "source"), ("a", "x", "human"), ("b", "y", "pseudo")])
    reading = Reading(opened(path))
    assert not reading.own
    assert [reading.told(row).given.source for row in reading.table.rows()] == [
        "imported",
        "pseudo",
    ]
    assert any("1 pseudo-label is a model's word" in note for note in reading.notes)


@pytest.mark.parametrize("header", [("Source",), ("source", "source"), ("SOURCE", "Source")])
def test_a_pseudo_label_is_none_of_a_person_however_the_column_is_written(tmp_path, header):
    """In a spreadsheet somebody may have written it anew."""
    cells = ["", " Pseudo"][-len(header) :]
    path = put(tmp_path, [("path", "label", *header), ("a", "x", *cells)])
    reading = Reading(opened(path))
    assert [reading.told(row).given.source for row in reading.table.rows()] == ["pseudo"]


def test_an_export_with_a_column_twice_is_refused(tmp_path):
    """It is not clear whose word counts."""
    path = put(tmp_path, [(*OWN, "source"), ("a", "", "x", "human", "pool", "pseudo")])
    with pytest.raises(ImportingError, match=r"4 \('source'\) and 6 \('source'\)"):
        Reading(opened(path))


def test_words_of_a_split_that_are_no_part_are_counted(tmp_path):
    """A fold is none; nothing is made of it in silence."""
    rows = [("a", "fold 1"), ("b", "Test"), ("c", "fold 1"), ("d", "")]
    reading = Reading(opened(put(tmp_path, [("path", "Split"), *rows])))
    assert [reading.told(row).part for row in reading.table.rows()] == ["", "test", "", ""]
    assert any("'fold 1' (2)" in note for note in reading.notes)


def test_another_column_of_an_export_is_no_word_of_its_annotators(tmp_path):
    """Who asks for the column of classes by name gets labels as of any table."""
    path = put(tmp_path, [(*OWN, "mine"), ("a", "", "x", "human", "test", "z")])
    reading = Reading(opened(path), labels="mine")
    (told,) = map(reading.told, reading.table.rows())
    assert (told.label, told.given.source, told.split) == ("z", "imported", None)


def test_short_rows_are_counted(tmp_path):
    """The first of them is named."""
    path = put(tmp_path, [("path", "label"), ("a", "x"), ("b",), ("c",)])
    (note,) = Reading(opened(path)).notes
    assert note.startswith("2 rows, the first in line 3, have fewer cells")


def test_a_kind_of_table_that_is_not_read_is_told(tmp_path):
    with pytest.raises(ImportingError, match=r"No kind of table named '\.xlsx'"):
        opened(Path("list.xlsx"))
    with pytest.raises(ImportingError, match="Cannot read"):
        opened(tmp_path / "absent.csv")


def test_lines_that_are_all_wrong_are_told_by_the_first(tmp_path):
    """Not as a table without rows."""
    (tmp_path / "list.jsonl").write_text("path,label\na.png,x\n")
    with pytest.raises(ImportingError, match="line 1: no JSON"):
        Reading(opened(tmp_path / "list.jsonl"))
