"""From labels to a data set that others can read."""

import csv
import hashlib
import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image as Picture

from annotator.errors import ExportError
from annotator.export import write as export
from annotator.export.line import COLUMNS
from annotator.importing.scan import scan
from annotator.model import ExportRow, Image
from annotator.model.cells import unmarked
from annotator.project import Workspace
from tests.annotator.pictures import encoded, jpeg, png

NAMES = {
    "a.png": "cat",
    "b/a.png": "cat",
    "b/A.PNG": "Cat",
    "c/<script>.jpg": "<script>alert(1)</script>",
    'd/it\'s, "x".png': "../../etc",
    "e/猫.png": "NA",
    "f/=cmd.png": "=1+1",
    "g/no suffix": "a/b",
    "h/new\nline.png": "a_b",
}


@pytest.fixture
def workspace(tmp_path):
    """A workspace with an image for each of NAMES."""
    for seed, name in enumerate(NAMES):
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(seed) if name.endswith("jpg") else png(seed))
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def rows(tmp_path, workspace):
    """Every other image labeled by a person, the rest by a round."""
    events = scan(tmp_path / "source", workspace)
    return [
        row(
            Image(i, e.sha256, e.name, e.stored, e.width, e.height, "test" if i % 3 else "pool"),
            NAMES[e.name],
            human=i % 2 == 0,
        )
        for i, e in enumerate(events)
    ]


def row(image, label, human):
    if human:
        at = 1_700_000_000.25
        return ExportRow(image, label, "human", None, None, None, "Zoë <z@x>", at, image.split)
    return ExportRow(image, label, "pseudo", 0.97, 3, "5f" * 32, None, None, image.split)


def read(out):
    """All rows as {column: text}, an absent value as the empty text."""
    if (out / "labels.parquet").exists():
        frame = pd.read_parquet(out / "labels.parquet")
        assert list(frame.columns) == list(COLUMNS)
        records = frame.astype(object).where(frame.notna(), "").to_dict("records")
        return [{key: _text(value) for key, value in record.items()} for record in records]
    with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@pytest.mark.parametrize("kind", export.FORMATS)
def test_what_is_exported_reads_back_whole(tmp_path, workspace, rows, kind):
    """Each row says what was labeled, and its image lies in the export byte for byte."""
    out = tmp_path / "out"
    report = export.write(rows, workspace, out, kind, provenance={})
    assert (report.path, report.human, report.pseudo, report.round) == (str(out), 5, 4, 3)
    lines = read(out)
    assert len(lines) == len(rows)
    for line, original in zip(lines, rows, strict=True):
        content = (out / line["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == line["sha256"] == original.image.sha256
        assert line["file_sha256"] == line["sha256"], "there was nothing to take out"
        assert line["name"] == original.image.name
        assert line["label"] == original.label
        assert line["source"] == original.source
        assert line["split"] == original.split
        assert line["annotator"] == (original.annotator or "")
        assert line["model"] == (original.model or "")
        assert line["round"] == str(original.round or "")
        assert line["confidence"] == str(original.confidence or "")
        at = datetime.fromisoformat(line["at"]).timestamp() if line["at"] else None
        assert at == original.at
        assert line["at"] == "" or line["at"].endswith("+00:00")
    assert len({line["path"] for line in lines}) == len(rows)
    assert sum(path.is_file() for path in (out / "images").rglob("*")) == len(rows)


def test_pandas_reads_the_csv_as_documented(tmp_path, workspace, rows):
    """A class named NA survives, and numbers are numbers."""
    export.write(rows, workspace, tmp_path / "out", provenance={})
    frame = pd.read_csv(
        tmp_path / "out" / "labels.csv", keep_default_na=False, na_values={"confidence": ""}
    )
    assert frame["label"].tolist() == [row.label for row in rows]
    assert frame["confidence"].dropna().unique() == [0.97]


def test_a_folder_a_class_holds_no_surprises(tmp_path, workspace, rows):
    """Every class has one folder of its own, nothing leaves the export, no two files meet."""
    out = tmp_path / "deep" / "out"
    export.write(rows, workspace, out, "folder", provenance={})
    paths = {Path(line["path"]): line["label"] for line in read(out)}
    of_folder = {}
    for path, label in paths.items():
        images, folder, _ = path.parts
        assert images == "images"
        assert of_folder.setdefault(folder.casefold(), label) == label
        assert (out / path).resolve().is_relative_to(out.resolve())
    assert len(of_folder) == len(set(NAMES.values()))
    assert len({str(path).casefold() for path in paths}) == len(rows)
    suffixes = {path.suffix.lower() for path in paths}
    assert suffixes == {".png", ".jpg"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "source", "workspace"]


def test_names_that_clash_get_a_piece_of_their_hash(tmp_path, workspace, rows):
    """The first keeps its name, the second says which image it is."""
    cats = [row for row in rows if row.label == "cat"]
    export.write(cats, workspace, tmp_path / "out", "folder", provenance={})
    assert [line["path"] for line in read(tmp_path / "out")] == [
        "images/cat/a.png",
        f"images/cat/a-{cats[1].image.sha256[:8]}.png",
    ]


@pytest.mark.parametrize("kind", export.FORMATS)
def test_provenance_lies_beside_every_export(tmp_path, workspace, rows, kind):
    """What the caller knows, and what was counted."""
    known = {"round": 3, "threshold": 0.95, "method": "fixmatch", "made_at": "2030-01-01T00:00:00Z"}
    export.write(rows, workspace, tmp_path / "out", kind, provenance=known)
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert facts == known | {
        "format": kind,
        "images": {"metadata": "taken out", "changed_files": 0},
        "rows": 9,
        "sources": {"human": 5, "pseudo": 4},
        "classes": {label: list(NAMES.values()).count(label) for label in NAMES.values()},
        "splits": {"pool": 3, "test": 6},
    }


def test_nothing_is_written_over(tmp_path, workspace, rows):
    """A folder with something in it, or a file, is left as it is; an empty folder is filled."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for out in ("full", "file"):
        with pytest.raises(ExportError, match=r"there already.*name a new folder"):
            export.write(rows, workspace, tmp_path / out, provenance={})
    assert (tmp_path / "full" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "empty").mkdir()
    export.write(rows, workspace, tmp_path / "empty", provenance={})
    assert len(read(tmp_path / "empty")) == len(rows)


def test_a_lost_or_damaged_image_stops_the_export(tmp_path, workspace, rows):
    """The image is named, and no half export stays behind."""
    path = workspace.image_path(rows[4].image.stored)
    content = path.read_bytes()
    for damage in (lambda: path.write_bytes(content[:-1] + b"x"), path.unlink):
        damage()
        with pytest.raises(ExportError, match="Import its source again") as error:
            export.write(rows, workspace, tmp_path / "out", provenance={})
        assert rows[4].image.name in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "workspace"]


def test_a_place_that_cannot_be_written_is_told(tmp_path, workspace, rows):
    """Here the parent of the folder is a file."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match=r"Cannot .*file"):
        export.write(rows, workspace, tmp_path / "file" / "out", provenance={})


def test_an_unknown_format_and_an_empty_export_are_told(tmp_path, workspace, rows):
    """The choices, and what to do first."""
    with pytest.raises(ExportError, match=r"Did you mean 'parquet'.*csv, folder, parquet"):
        export.write(rows, workspace, tmp_path / "out", "parket", provenance={})
    with pytest.raises(ExportError, match="Label some images"):
        export.write([], workspace, tmp_path / "out", provenance={})


@pytest.fixture
def named(tmp_path, workspace):
    """A row whose image says who made it, and one whose image does not."""
    (tmp_path / "named").mkdir()
    exif = Picture.Exif()
    exif[0x013B] = "Jane Roe"
    (tmp_path / "named" / "1.jpg").write_bytes(jpeg(77, exif=exif))
    (tmp_path / "named" / "2.jpg").write_bytes(jpeg(78))
    events = scan(tmp_path / "named", workspace)
    return [
        row(Image(i, e.sha256, e.name, e.stored, e.width, e.height, "pool"), "cat", human=True)
        for i, e in enumerate(events)
    ]


@pytest.mark.parametrize("kind", export.FORMATS)
def test_images_leave_without_what_names_a_person_unless_asked(tmp_path, workspace, named, kind):
    """Both hashes stand in the table: of what was imported, and of the file that lies beside it."""
    for out, keep, changed in (("bare", False, 1), ("kept", True, 0)):
        export.write(named, workspace, tmp_path / out, kind, provenance={}, keep_metadata=keep)
        lines = read(tmp_path / out)
        files = [(tmp_path / out / line["path"]).read_bytes() for line in lines]
        assert (b"Jane Roe" in b"".join(files)) == keep
        assert [line["sha256"] for line in lines] == [each.image.sha256 for each in named]
        hashes = [hashlib.sha256(content).hexdigest() for content in files]
        assert [line["file_sha256"] for line in lines] == hashes
        differ = [line["sha256"] != line["file_sha256"] for line in lines]
        assert differ == [bool(changed), False]
        facts = json.loads((tmp_path / out / "provenance.json").read_text(encoding="utf-8"))
        told = "kept" if keep else "taken out"
        assert facts["images"] == {"metadata": told, "changed_files": changed}


def test_an_image_whose_metadata_cannot_be_taken_out_is_named(tmp_path, workspace):
    """With the way out; kept as it is, it can be exported."""
    content = encoded(Picture.new("L", (8, 8)), "TIFF")[:40]  # its header and a part of its tags
    stored = "images/00/odd.tif"
    workspace.image_path(stored).parent.mkdir(exist_ok=True)
    workspace.image_path(stored).write_bytes(content)
    odd = Image(1, hashlib.sha256(content).hexdigest(), "odd.tif", stored, 8, 8, "pool")
    rows = [row(odd, "cat", human=True)]
    with pytest.raises(ExportError, match=r"'odd.tif'.*--keep-metadata"):
        export.write(rows, workspace, tmp_path / "out", provenance={})
    assert not (tmp_path / "out").exists()
    export.write(rows, workspace, tmp_path / "out", provenance={}, keep_metadata=True)


@pytest.mark.parametrize("kind", ["csv", "folder"])
def test_no_cell_is_a_formula_where_it_is_for_a_spreadsheet(tmp_path, workspace, rows, kind):
    """Not by comma and not by semicolon or tab; each cell can be given back."""
    export.write(rows, workspace, tmp_path / "out", kind, provenance={}, spreadsheet=True)
    text = (tmp_path / "out" / "labels.csv").read_text(encoding="utf-8")
    for mark in ",;\t":
        for cells in csv.reader(text.splitlines(), delimiter=mark):
            assert not [cell for cell in cells if cell.lstrip(' "')[:1] in tuple("=+-@")], mark
    for line, original in zip(read(tmp_path / "out"), rows, strict=True):
        assert unmarked(line["label"]) == original.label
        assert unmarked(line["name"]) == original.image.name
        assert line["marked"] == "marked"
    assert "'=1+1" in [line["label"] for line in read(tmp_path / "out")]


def test_a_format_that_no_spreadsheet_opens_is_told(tmp_path, workspace, rows):
    """Rather than marked for nothing."""
    with pytest.raises(ExportError, match="choose csv or folder"):
        export.write(rows, workspace, tmp_path / "out", "parquet", provenance={}, spreadsheet=True)
    assert not (tmp_path / "out").exists()
