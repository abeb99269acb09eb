"""Exports of ours come in by their table, not by their folders."""

import json
import shutil
from dataclasses import replace

import pytest

from annotator.errors import ImportingError
from annotator.export.write import write
from annotator.importing.check import Duplicate
from annotator.importing.containers.exported import tables_of
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import ExportRow, Noted, Refused
from annotator.service import Service
from tests.annotator.importing.test_round_trip import Rows
from tests.annotator.small import answer, workspace


@pytest.fixture(params=["csv", "parquet", "folder"])
def export(tmp_path, request):
    """Six human labels, in an export of each format."""
    service = workspace(tmp_path / "ws", 12)
    answer(service, 6)
    service.export(tmp_path / "out", request.param)
    return tmp_path / "out"


def told(source, service, labels=None):
    events = list(scan(source, service.workspace, wanted=Wanted(labels)))
    assert not any(type(event) is Refused for event in events)
    return {e.name: e.told for e in events if not isinstance(e, Noted)}


@pytest.mark.parametrize("labels", [None, "folders"])
def test_the_folder_of_an_export_is_read_by_its_table(tmp_path, export, labels):
    """It never becomes one class "images", whether or not folders are to be classes."""
    service = Service.create(tmp_path / "new", ["dark", "light"])
    found = told(export, service, labels)
    assert len(found) == 6
    assert {name.removesuffix(".png").split()[-1] for name in found} == {"dark", "light"}
    for name, each in found.items():
        assert name.endswith(f"{each.label}.png")
        assert (each.given.source, each.given.annotator) == ("human", "anna")


def test_an_export_is_known_without_its_provenance(export):
    """By the columns of its table; and a folder with another table is a folder."""
    assert [path.stem for path in tables_of(export)] == ["labels"]
    (export / "provenance.json").unlink()
    assert [path.stem for path in tables_of(export)] == ["labels"]
    for table in export.glob("labels.*"):
        table.unlink()
    (export / "labels.csv").write_text("path,label\n")
    assert tables_of(export) == []


def test_a_provenance_of_something_else_makes_no_export(tmp_path):
    for text in ("[1]", "{", json.dumps({"made": "elsewhere"})):
        (tmp_path / "provenance.json").write_text(text)
        (tmp_path / "labels.csv").write_text("path,label\n")
        assert tables_of(tmp_path) == []


def test_a_part_of_an_export_is_not_labeled_by_its_folders(tmp_path, export):
    """There pseudo-labels lie beside those of people, and nothing says which are which."""
    service = Service.create(tmp_path / "new", ["dark", "light"])
    part = next(path for path in export.iterdir() if path.is_dir())
    with pytest.raises(ImportingError, match=f"Import {export} without `--labels folders`"):
        list(scan(part, service.workspace, wanted=Wanted("folders")))
    assert all(event.told.label is None for event in scan(part, service.workspace))


def test_seven_pseudo_labels_do_not_come_back_as_human_ones(tmp_path):
    """Labels of people do, with whose they are and when; test images stay test images."""
    old = workspace(tmp_path / "ws", 12)
    rows = Rows()
    for number, image in enumerate(old.images()):
        person = number < 5
        rows.append(
            ExportRow(
                image=replace(image, split="test" if number < 2 else "pool"),
                label="dark",
                source="human" if person else "pseudo",
                confidence=None if person else 0.99,
                round=None if person else 3,
                model=None if person else "0a1b",
                annotator="anna" if person else None,
                at=1_700_000_000.25 if person else None,
                split="test" if number < 2 else "pool",
            )
        )
    write(rows, old.workspace, tmp_path / "out", provenance={"certilabel": "0"})
    new = Service.create(tmp_path / "new", ["dark", "light"])
    report = new.import_source(tmp_path / "out")
    assert (report.added, report.labeled, report.machine) == (12, 5, 7)
    labels = new.store.labels.current()
    assert {(each.annotator, each.source, each.at) for each in labels} == {
        ("anna", "human", 1_700_000_000.25)
    }
    names = {row.image.name: row.split for row in rows}
    assert len(labels) == 5
    for label in labels:
        image = new.image(label.image_id)
        assert image.split == names[image.name]


def test_an_export_without_its_images_tells_of_those_that_are_here(tmp_path, export):
    """By their hash; where they are not, each row is refused with its place."""
    for part in [path for path in export.iterdir() if path.is_dir()]:
        shutil.rmtree(part)
    old = Service.open(tmp_path / "ws")
    found = [
        e for e in scan(export, old.workspace, old.store.images.hashes()) if type(e) is not Noted
    ]
    assert [type(event) for event in found] == [Duplicate] * 6
    assert all(event.name.endswith(f"{event.told.label}.png") for event in found)
    new = Service.create(tmp_path / "new", ["dark", "light"])
    events = [e for e in scan(export, new.workspace) if not isinstance(e, Noted)]
    assert [type(event) for event in events] == [Refused] * 6
    places = {event.reason.removeprefix("no such file ") for event in events}
    kind, first = ("row", 1) if (export / "labels.parquet").exists() else ("line", 2)
    assert places == {f"({kind} {number})" for number in range(first, first + 6)}


@pytest.mark.parametrize("labels", [None, "folders"])
@pytest.mark.parametrize("kind", ["coco", "label-studio"])
def test_the_folder_of_an_export_in_json_is_read_by_its_files(tmp_path, kind, labels):
    """The tasks, or both halves; not by the folders of the images."""
    service = workspace(tmp_path / "ws", 12)
    answer(service, 6)
    service.export(tmp_path / "out", kind)
    hashes = service.store.images.hashes()
    events = scan(tmp_path / "out", service.workspace, hashes, Wanted(labels))
    found = {e.sha256: e.told for e in events if not isinstance(e, Noted)}
    names = {each.id: each.name for each in service.classes()}
    assert {sha: (each.label, each.given.source) for sha, each in found.items()} == {
        sha: (names[each.class_id], "human")
        for sha, image_id in hashes.items()
        for each in service.store.labels.current()
        if each.image_id == image_id
    }
