"""A table labels some files of a folder; the others come in as well where that is wanted."""

from pathlib import Path

import pytest

from annotator.importing.containers.others import besides
from annotator.importing.containers.table import sources
from annotator.importing.source import Absent, Source, Wanted


@pytest.fixture
def scans(tmp_path):
    """Four files, of which a table names two; one row names none."""
    for name in ("a.png", "b.png", "more/c.png", "more/d.png"):
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "scans" / "t.csv").write_text("path,label\na.png,cat\nmore\\c.png,dog\ne.png,cat\n")
    return tmp_path / "scans"


def found(scans):
    wanted, table = Wanted(labels="label", path="path"), scans / "t.csv"
    return list(besides(sources(table, wanted), table, scans, wanted, scans / "workspace"))


def test_each_file_comes_once_and_what_no_row_names_without_a_label(scans):
    """However a row writes its path; the table itself is no image."""
    (scans / "workspace").mkdir()
    assert [
        (each.path.relative_to(scans), each.told.label)
        for each in found(scans)
        if isinstance(each, Source)
    ] == [
        (Path("a.png"), "cat"),
        (Path("more/c.png"), "dog"),
        (Path("b.png"), None),
        (Path("more/d.png"), None),
    ]


def test_what_a_row_misses_is_told_as_ever(scans):
    """By its line."""
    (scans / "workspace").mkdir()
    [refused] = [each for each in found(scans) if isinstance(each, Absent)]
    assert (refused.name, refused.reason) == ("e.png", "no such file (line 4)")
