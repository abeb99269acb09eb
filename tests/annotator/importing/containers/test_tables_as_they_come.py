"""Tables as spreadsheets and programs write them: every image and label is there, or it is told."""

import json
import unicodedata

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import ImportingError
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
    """Three images in a folder of a name with a blank, as on a desk of Windows."""
    (tmp_path / "source" / "Meine Bilder").mkdir(parents=True)
    for seed in range(3):
        (tmp_path / "source" / "Meine Bilder" / f"bild {seed}.png").write_bytes(png(seed))
        (tmp_path / "source" / f"{seed}.png").write_bytes(png(seed))
    return tmp_path / "source"


def write(folder, content, name="list.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, workspace, **wanted):
    """([(image, label)], {refused: why}, [notes])."""
    events = list(scan(path, workspace, wanted=Wanted(**wanted)))
    notes = [event.reason for event in events if isinstance(event, Noted)]
    refused = {e.name: e.reason for e in events if type(e) is Refused}
    images = [event for event in events if not isinstance(event, Refused)]
    return [(event.name, event.told.label) for event in images], refused, notes


def test_my_list_from_german_excel_comes_in_whole(workspace, folder):
    """Byte order mark, semicolons, backslashes, a gap, and a file that is not there."""
    rows = {"bild 0": "gut", "bild 1": "Größe über", "fehlt": "gut", "bild 2": ""}
    lines = [f"Meine Bilder\\{name}.png;{label}\r\n" for name, label in rows.items()]
    path = write(folder, "path;label\r\n" + "".join(lines), encoding="utf-8-sig")
    images, refused, notes = read(path, workspace)
    assert images == [
        ("Meine Bilder/bild 0.png", "gut"),
        ("Meine Bilder/bild 1.png", "Größe über"),
        ("Meine Bilder/bild 2.png", None),
    ]
    assert refused == {"Meine Bilder\\fehlt.png": "no such file (line 4)"}
    assert notes == []


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("quoted", ["sep={}\r\n", '"sep={}"\r\n', "\r\nSEP={}\n"])
def test_the_line_that_excel_needs_is_no_header(workspace, folder, mark, quoted):
    """Whatever parts the cells, also if the header has more of something else."""
    text = quoted.format(mark) + f"path{mark}label{mark}a,b;c,d;e\n0.png{mark}x{mark}\n"
    text = text.replace("a,b;c,d;e", '"a,b;c,d;e"')
    assert read(write(folder, text), workspace)[0] == [("0.png", "x")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_umlauts_are_right_in_whatever_excel_saved(workspace, folder, encoding):
    """Only where it had to be guessed it is said, and the line shown that it was guessed by."""
    path = write(folder, "path\tlabel\r\n0.png\tGröße\r\n", encoding=encoding)
    images, _, notes = read(path, workspace)
    assert images == [("0.png", "Größe")]
    assert [
        note for note in notes if "Windows-1252" in note and "line 2" in note and "Größe" in note
    ] == (notes)
    assert len(notes) == (encoding == "cp1252")


@pytest.mark.parametrize("name", ["Label", "LABEL", " label ", "la_bel"])
def test_label_with_a_capital_is_the_label(workspace, folder, name):
    """It is clear what is meant, and said."""
    images, _, notes = read(write(folder, f"path,{name}\n0.png,cat\n"), workspace)
    assert images == [("0.png", "cat")]
    said = f"column '{name.strip()}' is taken for 'label'"
    assert notes == ([said] if name.strip() != "label" else [])


@pytest.mark.parametrize("name", ["class", "Category", "target", "diagnosis", "class name"])
def test_a_column_that_only_looks_meant_is_named_with_the_option(workspace, folder, name):
    """No label is guessed; the option that is shown takes them."""
    path = write(folder, f"path,{name}\n0.png,cat\n")
    images, _, (note,) = read(path, workspace)
    assert images == [("0.png", None)]
    assert f"column '{name}' looks meant; give `--labels" in note
    assert read(path, workspace, labels=name)[0] == [("0.png", "cat")]


def test_two_columns_that_look_meant_are_both_named(workspace, folder):
    """Whoever wrote the table knows which."""
    _, _, (note,) = read(write(folder, "path,class,category\n0.png,a,b\n"), workspace)
    assert "`--labels class` or `--labels category`" in note


@pytest.mark.parametrize(
    "name", ["filename", "file", "image", "image_path", "File Name", "img", "filepath", "Path"]
)
def test_other_words_for_the_path_are_taken_and_said(workspace, folder, name):
    images, _, notes = read(write(folder, f"{name},label\n0.png,cat\n"), workspace)
    assert images == [("0.png", "cat")]
    assert notes == [f"column '{name}' is taken for 'path'"]


@pytest.mark.parametrize("header", ["", "Unnamed: 0"])
def test_the_index_column_of_pandas_is_no_harm(workspace, folder, header):
    path = write(folder, f"{header},path,label\n0,0.png,cat\n1,1.png,dog\n")
    assert read(path, workspace) == ([("0.png", "cat"), ("1.png", "dog")], {}, [])


@pytest.mark.parametrize("second", ["label", "Label"])
def test_two_label_columns_are_refused_by_name(workspace, folder, second):
    """Nothing is taken from either."""
    path = write(folder, f"path,label,{second}\n0.png,cat,dog\n")
    with pytest.raises(ImportingError, match=rf"columns 2 \('label'\) and 3 \('{second}'\)"):
        read(path, workspace)
    if second != "label":
        assert read(path, workspace, labels=second)[0] == [("0.png", "dog")]


def test_numbers_with_a_point_are_the_classes_that_they_stand_for(workspace, folder):
    """A gap made floats of whole numbers; it is unlabeled, and what was done is said."""
    images, _, notes = read(write(folder, "path,label\n0.png,0.0\n1.png,1.0\n2.png,\n"), workspace)
    assert [label for _, label in images] == ["0", "1", None]
    assert notes == ["column 'label' holds numbers alone, so 0.0 is read as 0"]


@pytest.mark.parametrize(
    "labels", [["01", "1.0"], ["0.0", "zero"], ["1.10", "1.1"], ["1e5", "1.0"]]
)
def test_text_stays_text(workspace, folder, labels):
    """One cell that no program writes for a number, and none of the column is one."""
    text = "path,label\n" + "".join(f"{i}.png,{label}\n" for i, label in enumerate(labels))
    images, _, notes = read(write(folder, text), workspace)
    assert [label for _, label in images] == labels
    assert notes == []


def test_a_class_name_that_is_too_long_is_told_by_its_line(workspace, folder):
    """The line of the file, below a cell with line breaks."""
    text = f'path,label,note\n0.png,a,"two\nlines"\n1.png,{"x" * 97},\n2.png,b,\n'
    events = list(scan(write(folder, text), workspace))
    assert [event.told.place for event in events] == ["line 2", "line 4", "line 5"]
    assert [event.told.label for event in events] == ["a", "x" * 97, "b"]


def test_rows_with_too_many_cells_are_refused_by_their_line(workspace, folder):
    """Where a comma was not quoted nobody knows what is the label. Empty ones do no harm."""
    text = 'path,label\n0.png,"a\nb",\n1.png,cat,dog\n2.png,b,,\n'
    images, refused, _ = read(write(folder, text), workspace)
    assert images == [("0.png", "a\nb"), ("2.png", "b")]
    assert list(refused) == ["line 4"]
    assert refused["line 4"].startswith("3 cells, but the header has 2")


@pytest.mark.parametrize("disk", ["NFC", "NFD"])
@pytest.mark.parametrize("table", ["NFC", "NFD"])
def test_a_file_is_found_however_its_letters_are_composed(workspace, folder, disk, table):
    """A Mac and a Linux machine write the same name in different bytes; so for folders."""
    name = "Präparate/Müller.png"
    path = folder / unicodedata.normalize(disk, name)
    path.parent.mkdir()
    path.write_bytes(png(9))
    text = f"path,label\n{unicodedata.normalize(table, name)},x\n"
    (event,) = scan(write(folder, text), workspace)
    assert isinstance(event, NewImage)


def test_a_file_that_differs_in_case_is_not_taken_but_named(workspace, folder):
    """A and a may be two files; the reader sees which one was perhaps meant."""
    (folder / "Scan.PNG").write_bytes(png(9))
    _, refused, _ = read(write(folder, "path\nscan.png\n"), workspace)
    assert refused["scan.png"] == (
        "no such file; 'Scan.PNG' differs in the case of letters alone (line 2)"
    )


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_types_of_a_table_are_kept(workspace, folder, kind):
    """Whole floats are their numbers, text stays text, null and NaN are no label."""
    for values, labels in {
        (0.0, 1.0, None): ["0", "1", None],
        (0, 1, 2): ["0", "1", "2"],
        ("01", "0.0", None): ["01", "0.0", None],
        (True, False, None): ["True", "False", None],
        (0.5, float("nan"), 2.0): ["0.5", None, "2"],
    }.items():
        rows = [{"path": f"{i}.png", "label": value} for i, value in enumerate(values)]
        path = folder / f"list.{kind}"
        if kind == "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert [label for _, label in read(path, workspace)[0]] == labels, values


@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_a_number_is_as_short_as_it_was_written(workspace, folder, kind):
    """0.1 kept in fewer bits is no class 0.10000000149."""
    frame = pd.DataFrame({"path": ["0.png", "1.png"], "label": pd.array([0.1, 1.0])})
    frame["label"] = frame["label"].to_numpy().astype(kind)
    frame.to_parquet(folder / "list.parquet")
    images, *_ = read(folder / "list.parquet", workspace)
    assert [label for _, label in images] == ["0.1", "1"]


def test_categories_are_read_as_what_they_stand_for(workspace, folder):
    """Not as the numbers by which they are kept."""
    frame = pd.DataFrame({"path": ["0.png", "1.png", "2.png"], "label": ["b", None, "a"]})
    frame["label"] = frame["label"].astype("category")
    frame.to_parquet(folder / "list.parquet")
    images, *_ = read(folder / "list.parquet", workspace)
    assert [label for _, label in images] == ["b", None, "a"]


def test_a_label_that_is_a_list_is_refused_and_named(workspace, folder):
    """One image has one class; a list is not taken as the name of one."""
    rows = [{"path": "0.png", "label": ["a", "b"]}, {"path": "1.png", "label": ["a"]}]
    pq.write_table(pa.Table.from_pylist(rows), folder / "list.parquet")
    write(folder, "".join(json.dumps(row) + "\n" for row in rows), "list.jsonl")
    for name, place in (("list.parquet", "row 1"), ("list.jsonl", "line 1")):
        images, refused, _ = read(folder / name, workspace)
        assert images == []
        assert refused["0.png"] == f"column 'label' holds a list, not text or a number ({place})"


def test_parts_and_groups_of_a_table_are_told(workspace, folder):
    """For whoever keeps them; a group only of the column that was asked for."""
    text = "path,label,split,Patient\n0.png,a,Train,7.0\n1.png,a,val,7\n2.png,b,test,\n"
    path = write(folder, text)
    told = [
        event.told
        for event in scan(path, workspace, wanted=Wanted(group="patient"))
        if isinstance(event, NewImage)
    ]
    assert [each.part for each in told] == ["train", "val", "test"]
    assert [each.group for each in told] == ["7", "7", ""]
    assert {each.split for each in told} == {None}
    plain = [event.told.group for event in scan(path, workspace) if not isinstance(event, Refused)]
    assert plain == [""] * 3


def test_addresses_are_not_fetched_unless_asked(workspace, folder):
    """Each is refused with the option; a table of nothing else ends at once, with their number."""
    path = write(folder, "path,label\nhttps://example.org/a.png?key=secret,x\n0.png,y\n")
    images, refused, _ = read(path, workspace)
    assert images == [("0.png", "y")]
    assert list(refused) == ["https://example.org/a.png"]
    assert "--fetch" in refused["https://example.org/a.png"]
    path = write(folder, "url\nhttps://example.org/a.png\ns3://bucket/b.png\n")
    with pytest.raises(ImportingError, match=r"2 images by address.*--fetch"):
        read(path, workspace)


def test_where_the_column_of_groups_is_empty_the_name_tells_none(workspace, folder):
    """The word that names a column is no pattern for names then, however often it is in them."""
    (folder / "patient_9.png").write_bytes(png(9))
    path = write(folder, "path,patient\n0.png,7\npatient_9.png,\n")
    events = scan(path, workspace, wanted=Wanted(group="patient"))
    assert [e.told.group for e in events if isinstance(e, NewImage)] == ["7", ""]
    path = write(folder, "path\n0.png\npatient_9.png\n")
    events = scan(path, workspace, wanted=Wanted(group=r"patient_(\d)"))
    assert [e.told.group for e in events if isinstance(e, NewImage)] == ["", "9"]


def test_a_path_of_another_system_or_of_this_machine_is_no_name(workspace, folder):
    """An image is called by its way below the table, so that `parent` is its folder."""
    odd = folder / "b\\c.png"
    odd.write_bytes(png(9))
    path = write(folder, f"path\nMeine Bilder\\bild 0.png\n{folder / '1.png'}\nb\\c.png\n./2.png\n")
    names = [name for name, _ in read(path, workspace)[0]]
    assert names == ["Meine Bilder/bild 0.png", "1.png", "b\\c.png", "./2.png"]
