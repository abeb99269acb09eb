"""Reading the truth of a simulation from a CSV file."""

import csv
import hashlib

import pytest

from annotator.errors import ImportingError
from annotator.importing.truth import read_truth
from tests.annotator.pictures import png


@pytest.fixture
def folder(tmp_path):
    """Three images, one of them with a name that needs quotes."""
    (tmp_path / "scans").mkdir()
    for seed, name in enumerate(["a.png", "scans/b.png", 'c, "c".png']):
        (tmp_path / name).write_bytes(png(seed))
    return tmp_path


def table(folder, rows):
    path = folder / "truth.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def sha(seed):
    return hashlib.sha256(png(seed)).hexdigest()


def test_truth_is_found_by_name_by_file_and_by_content(folder):
    """The three ways give the same answer, and rows about other images are passed over."""
    images = {"a.png": sha(0), "b.png": sha(1)}
    by_name = [("path", "label"), ("a.png", "x"), ("b.png", "y"), ("absent.png", "z")]
    by_file = [("path", "label"), ("a.png", "x"), ("scans/b.png", "y"), ('c, "c".png', "z")]
    by_content = [("sha256", "label"), (sha(0), "x"), (sha(1), "y"), ("0" * 64, "z")]
    for rows in (by_name, by_file, by_content):
        assert read_truth(table(folder, rows), images) == {sha(0): "x", sha(1): "y"}


def test_truth_about_nothing_here_is_an_error(folder):
    """Another data set's truth, or one without labels, is not taken in silence."""
    with pytest.raises(ImportingError, match="labels none of the 1 images"):
        read_truth(table(folder, [("path", "label"), ("q.png", "x")]), {"a.png": sha(0)})
    with pytest.raises(ImportingError, match="No column named 'label'"):
        read_truth(table(folder, [("path", "digit"), ("a.png", "x")]), {"a.png": sha(0)})


def test_truth_is_read_as_any_table_is(folder):
    """Other words for its columns, numbers with a point, another form of file."""
    rows = [("Filename", "LABEL"), ("a.png", "1.0"), ("scans\\b.png", "0.0")]
    assert read_truth(table(folder, rows), {"x": sha(0), "y": sha(1)}) == {sha(0): "1", sha(1): "0"}
    (folder / "truth.jsonl").write_text('{"path": "a.png", "label": 1.0}\n')
    assert read_truth(folder / "truth.jsonl", {"x": sha(0)}) == {sha(0): "1"}


def test_a_models_word_is_no_truth(folder):
    """Pseudo-labels of an export would make a simulation look right."""
    columns = ("sha256", "label", "source", "split", "path")
    rows = [(sha(0), "x", "human", "pool", ""), (sha(1), "y", "pseudo", "pool", "")]
    assert read_truth(table(folder, [columns, *rows]), {"a": sha(0), "b": sha(1)}) == {sha(0): "x"}


def test_a_row_of_truth_that_cannot_be_read_is_an_error(folder):
    """A label of another image would be taken for the truth."""
    rows = [("path", "label"), ("a.png", "x"), ("a", "b.png", "y")]
    with pytest.raises(ImportingError, match=r"truth\.csv, line 3: 3 cells"):
        read_truth(table(folder, rows), {"a.png": sha(0)})
