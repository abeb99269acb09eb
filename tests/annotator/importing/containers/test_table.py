"""Importing what a table lists."""

import csv

import pytest

from annotator.errors import ImportingError
from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import NewImage, Noted, Refused
from annotator.project import Workspace
from tests.annotator.pictures import png


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def folder(tmp_path):
    """Three images, one of them with a name that needs quotes, and one image outside."""
    (tmp_path / "outside.png").write_bytes(png(9))
    folder = tmp_path / "source"
    (folder / "scans").mkdir(parents=True)
    for seed, name in enumerate(["a.png", "scans/b.png", 'c, "c".png']):
        (folder / name).write_bytes(png(seed))
    return folder


def table(folder, rows, delimiter=",", encoding="utf-8"):
    path = folder / "list.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_give_images_and_labels(workspace, folder, delimiter, encoding):
    """With and without a byte order mark, and whatever separates the columns."""
    rows = [
        ("path", "note", "label"),
        ("a.png", "x", "Hund"),
        ("scans/b.png", "", ""),
        ('c, "c".png', "", "猫"),
    ]
    events = list(scan(table(folder, rows, delimiter, encoding), workspace))
    assert all(isinstance(event, NewImage) for event in events)
    assert [(event.name, event.told.label) for event in events] == [
        ("a.png", "Hund"),
        ("scans/b.png", None),
        ('c, "c".png', "猫"),
    ]


def test_another_column_can_hold_the_labels(workspace, folder):
    """It is named; without a column of labels there are none."""
    rows = [("path", "diagnosis"), ("a.png", "benign")]
    (event,) = scan(table(folder, rows), workspace, wanted=Wanted("diagnosis"))
    assert event.told.label == "benign"
    note, event = scan(table(folder, rows), workspace)
    assert event.told.label is None
    assert isinstance(note, Noted)
    assert "`--labels diagnosis`" in note.reason


def test_an_absent_column_is_told_with_those_there_are(workspace, folder):
    """Both for the paths and for the labels; a near miss is guessed."""
    with pytest.raises(ImportingError, match=r"'path'.*Choose one of: label, scan"):
        list(scan(table(folder, [("scan", "label"), ("a.png", "x")]), workspace))
    with pytest.raises(ImportingError, match="Did you mean 'diagnosis'"):
        list(
            scan(
                table(folder, [("path", "diagnosis"), ("a.png", "x")]),
                workspace,
                (),
                Wanted("diagnose"),
            )
        )
    with pytest.raises(ImportingError, match="no folders to label by"):
        list(scan(table(folder, [("path",), ("a.png",)]), workspace, wanted=Wanted("folders")))


def test_rows_that_lead_nowhere_are_refused_and_the_rest_come_in(workspace, folder):
    """Missing, outside, empty, a folder, a name that cannot be: each with its reason."""
    outside = folder.parent / "outside.png"
    rows = [
        ("path", "label"),
        ("absent.png", "x"),
        ("../outside.png", "x"),
        (str(outside), "x"),
        ("scans/../../outside.png", "x"),
        ("", "x"),
        ("scans", "x"),
        (str(folder / "a.png"), "x"),
        ("a.png", "y"),
    ]
    events = list(scan(table(folder, rows), workspace))
    assert [event.reason.split(";")[0] for event in events if isinstance(event, Refused)] == [
        "no such file (line 2)",
        *["outside the folder of the table"] * 3,
        "no path in this line",
        "not a file",
    ]
    assert events[4].name == "line 6"
    assert [type(event) for event in events[6:]] == [NewImage, Duplicate]
    assert events[7].told.label == "y"


def test_paths_written_on_windows_are_found(workspace, folder):
    """A backslash separates where no file has one in its name."""
    (event,) = scan(table(folder, [("path",), ("scans\\b.png",)]), workspace)
    assert isinstance(event, NewImage)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no rows"),
        (b"path,label\n\n \n", "no rows"),
        (b"path\n\xfc\x81.png\n", "neither UTF-8"),
        (b'path\n"a.png\n', "Cannot read"),
    ],
)
def test_a_file_that_is_no_table_is_told(workspace, folder, content, match):
    """Empty, of another encoding, or with quotes that never close."""
    (folder / "list.csv").write_bytes(content)
    with pytest.raises(ImportingError, match=match):
        list(scan(folder / "list.csv", workspace))


def test_odd_rows_do_not_stop_a_table(workspace, folder):
    """Too many cells, too few, and a zero byte in a name: each is told."""
    (folder / "list.csv").write_bytes(b"path,label\na.png,x,y,z\nscans/b.png\na\0.png,x\n")
    short, long, image, zero = scan(folder / "list.csv", workspace)
    assert isinstance(short, Noted)
    assert short.reason.startswith("1 row, line 3, has fewer cells")
    assert (long.name, image.told.label) == ("line 2", None)
    assert long.reason.startswith("4 cells, but the header has 2")
    assert type(zero) is Refused


def test_a_row_that_a_link_leads_out_of_the_folder_is_refused_unless_asked_for(workspace, folder):
    """The path stays inside by its letters alone."""
    (folder / "in.png").symlink_to(folder / "a.png")
    (folder / "out.png").symlink_to(folder.parent / "outside.png")
    (folder / "up").symlink_to(folder.parent)
    path = table(folder, [("path",), ("in.png",), ("out.png",), ("up/outside.png",)])
    inside, *out = scan(path, workspace)
    assert isinstance(inside, NewImage)
    assert [type(event) for event in out] == [Refused, Refused]
    assert all("leads out of the source" in event.reason for event in out)
    followed = list(scan(path, workspace, wanted=Wanted(links=True)))
    assert not any(isinstance(event, Refused) for event in followed)
