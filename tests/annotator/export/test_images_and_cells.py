"""Images leave without what names a person, and cells of a table for a spreadsheet run nothing."""

import csv
import hashlib
import json

import pytest
from PIL import Image as Picture

from annotator.errors import ExportError
from annotator.export.formats import FORMATS
from annotator.importing.scan import scan
from annotator.model import Image
from annotator.model.cells import unmarked
from tests.annotator.exported import read, row, write
from tests.annotator.pictures import encoded, jpeg


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


@pytest.mark.parametrize("kind", FORMATS)
def test_images_leave_without_what_names_a_person_unless_asked(tmp_path, workspace, named, kind):
    """Both hashes stand in the table: of what was imported, and of the file that lies beside it."""
    for out, keep, changed in (("bare", False, 1), ("kept", True, 0)):
        write(named, workspace, tmp_path / out, kind, keep_metadata=keep)
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
        assert facts["images"] == {
            "metadata": told,
            "changed_files": changed,
            "converted_files": 0,
        }


def test_an_image_whose_metadata_cannot_be_taken_out_is_named(tmp_path, workspace):
    """With the way out; kept as it is, it can be exported."""
    content = encoded(Picture.new("L", (8, 8)), "TIFF")[:40]  # its header and a part of its tags
    stored = "images/00/odd.tif"
    workspace.image_path(stored).parent.mkdir(exist_ok=True)
    workspace.image_path(stored).write_bytes(content)
    odd = Image(1, hashlib.sha256(content).hexdigest(), "odd.tif", stored, 8, 8, "pool")
    rows = [row(odd, "cat", human=True)]
    with pytest.raises(ExportError, match=r"'odd.tif'.*--keep-metadata"):
        write(rows, workspace, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    write(rows, workspace, tmp_path / "out", keep_metadata=True)


@pytest.mark.parametrize("kind", ["csv", "folder", "yolo"])
def test_no_cell_is_a_formula_where_it_is_for_a_spreadsheet(tmp_path, workspace, rows, kind):
    """Not by comma and not by semicolon or tab; each cell can be given back."""
    write(rows, workspace, tmp_path / "out", kind, safe_cells=True)
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
    with pytest.raises(ExportError, match="choose one of csv, folder, yolo"):
        write(rows, workspace, tmp_path / "out", "parquet", safe_cells=True)
    assert not (tmp_path / "out").exists()
