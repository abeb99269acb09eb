"""From labels to a data set that others can read."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from annotator.errors import ExportError
from annotator.export.formats import FORMATS
from annotator.project.leftovers import aside
from tests.annotator.exported import NAMES, read, text, write


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_exported_reads_back_whole(tmp_path, workspace, rows, kind):
    """Each row says what was labeled and by whom, and its image lies in the export unchanged."""
    out = tmp_path / "out"
    report = write(rows, workspace, out, kind)
    assert (report.path, report.human, report.pseudo, report.round) == (str(out), 5, 4, 3)
    lines = {line["sha256"]: line for line in read(out)}
    assert len(lines) == len(rows)
    for original in rows:
        line = lines[original.image.sha256]
        content = (out / line["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == line["sha256"]
        assert line["file_sha256"] == line["sha256"], "there was nothing to take out"
        assert line["name"] == original.image.name
        same = ("label", "source", "split", "annotator", "model", "round", "confidence", "reason")
        for column in (
            *same,
            "seconds",
            "propensity",
            "suggestion_shown",
            "group",
            "probabilities",
        ):
            assert line[column] == text(getattr(original, column)), column
        at = datetime.fromisoformat(line["at"]).timestamp() if line["at"] else None
        assert at == original.at
        assert line["at"] == "" or re.fullmatch(r".{19}\.\d{3}\+00:00", line["at"])
    assert len({line["path"] for line in lines.values()}) == len(rows)
    pictures = [path for path in out.rglob("*") if path.suffix.lower() in (".png", ".jpg")]
    assert len(pictures) == len(rows)


@pytest.mark.parametrize("kind", FORMATS)
def test_without_images_each_row_names_what_was_imported(tmp_path, workspace, rows, kind):
    """No image file is read or written, so that gone ones do not matter; all else is the same."""
    workspace.image_path(rows[0].image.stored).unlink()
    report = write(rows, workspace, tmp_path / "out", kind, images=False)
    assert (report.human, report.pseudo, report.left_out) == (5, 4, ())
    lines = {line["sha256"]: line for line in read(tmp_path / "out")}
    assert {sha: (line["path"], line["label"], line["source"]) for sha, line in lines.items()} == {
        row.image.sha256: (row.image.name, row.label, row.source) for row in rows
    }
    assert {line["file_sha256"] for line in lines.values()} == {""}
    suffixes = {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert suffixes <= {".csv", ".json", ".jsonl", ".md", ".parquet", ".xml"}


@pytest.mark.parametrize("kind", FORMATS)
def test_no_test_row_is_where_models_learn(tmp_path, workspace, rows, kind):
    """Where a format has folders or files for splits, they are as the rows say."""
    write(rows, workspace, tmp_path / "out", kind)
    splits = {row.image.sha256: row.split for row in rows}
    for line in read(tmp_path / "out"):
        assert line["split"] == splits[line["sha256"]]
        top = line["path"].split("/")[0]
        if top != "images":
            assert (top == "test") == (line["split"] == "test")


def test_a_folder_a_class_holds_no_surprises(tmp_path, workspace, rows):
    """Every class has one folder of its own, nothing leaves the export, no two files meet."""
    out = tmp_path / "deep" / "out"
    write(rows, workspace, out, "folder")
    paths = {Path(line["path"]): line["label"] for line in read(out)}
    of_folder = {}
    for path, label in paths.items():
        split, folder, _ = path.parts
        assert split in ("train", "test")
        assert of_folder.setdefault(folder.casefold(), label) == label
        assert (out / path).resolve().is_relative_to(out.resolve())
    assert len(of_folder) == len(set(NAMES.values()))
    assert len({str(path).casefold() for path in paths}) == len(rows)
    suffixes = {path.suffix.lower() for path in paths}
    assert suffixes == {".png", ".jpg"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "source", "workspace"]


def test_names_that_clash_get_a_piece_of_their_hash(tmp_path, workspace, rows):
    """The first keeps its name, the second says which image it is."""
    cats = [replace(row, source="human", split="pool") for row in rows if row.label == "cat"]
    write(cats, workspace, tmp_path / "out", "folder")
    assert [line["path"] for line in read(tmp_path / "out")] == [
        "train/cat/a.png",
        f"train/cat/a-{cats[1].image.sha256[:8]}.png",
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_provenance_lies_beside_every_export(tmp_path, workspace, rows, kind):
    """What the caller knows, and what was counted."""
    known = {"round": 3, "threshold": 0.95, "method": "fixmatch", "regime": "frozen", "seed": 0}
    known |= {"model": "5f5f", "made_at": "2030-01-01T00:00:00Z"}
    write(rows, workspace, tmp_path / "out", kind, provenance=known)
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert facts == known | {
        "format": kind,
        "images": {"metadata": "taken out", "changed_files": 0, "converted_files": 0},
        "rows": 9,
        "sources": {"human": 5, "pseudo": 4},
        "classes": {label: list(NAMES.values()).count(label) for label in NAMES.values()},
        "splits": {"pool": 6, "test": 3},
        "left_out": [],
        "notes": facts["notes"],
    }


def test_nothing_is_written_over(tmp_path, workspace, rows):
    """A folder with something in it, or a file, is left as it is; an empty folder is filled."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for out in ("full", "file"):
        with pytest.raises(ExportError, match=r"there already.*name a new folder"):
            write(rows, workspace, tmp_path / out)
    assert (tmp_path / "full" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "empty").mkdir()
    write(rows, workspace, tmp_path / "empty")
    assert len(read(tmp_path / "empty")) == len(rows)


def test_lost_and_damaged_images_stop_the_export_and_are_named(tmp_path, workspace, rows):
    """Each of them at once, with both ways out, and no half export stays behind."""
    one, other = (workspace.image_path(rows[place].image.stored) for place in (4, 6))
    content = one.read_bytes()
    one.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    other.unlink()
    with pytest.raises(ExportError, match=r"2 are gone or damaged.*Import.*without them") as error:
        write(rows, workspace, tmp_path / "out")
    for place in (4, 6):
        assert rows[place].image.name in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "workspace"]


@pytest.mark.parametrize("kind", FORMATS)
def test_without_damaged_images_the_rest_is_exported_when_asked(tmp_path, workspace, rows, kind):
    """The report and the provenance name what is left out; every other image is whole."""
    path = workspace.image_path(rows[4].image.stored)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    report = write(rows, workspace, tmp_path / "out", kind, damaged=True)
    assert report.left_out == (rows[4].image.name,)
    assert report.human + report.pseudo == len(rows) - 1
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert facts["left_out"] == [rows[4].image.name]
    assert facts["rows"] == len(rows) - 1
    copies = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (tmp_path / "out").rglob("*")
        if path.suffix.lower() in (".png", ".jpg")
    }
    assert copies == {row.image.sha256 for row in rows if row is not rows[4]}


def test_an_export_of_damaged_images_alone_is_none(tmp_path, workspace, rows):
    """An empty data set would be taken for a whole one."""
    for row in rows:
        workspace.image_path(row.image.stored).unlink()
    with pytest.raises(ExportError, match="gone or damaged"):
        write(rows, workspace, tmp_path / "out", damaged=True)


def test_a_place_that_cannot_be_written_is_told(tmp_path, workspace, rows):
    """Here the parent of the folder is a file."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match=r"Cannot .*file"):
        write(rows, workspace, tmp_path / "file" / "out")


def test_an_unknown_format_and_an_empty_export_are_told(tmp_path, workspace, rows):
    """The choices, and what to do first."""
    with pytest.raises(ExportError, match=r"Did you mean 'parquet'.*coco, croissant, csv"):
        write(rows, workspace, tmp_path / "out", "parket")
    with pytest.raises(ExportError, match="Label some images"):
        write([], workspace, tmp_path / "out")


def test_an_export_is_on_the_disk_before_it_has_its_name(tmp_path, workspace, rows, monkeypatch):
    """Each file and each folder is flushed first, and the name of the whole last."""
    flushed, fsync, rename, before = [], os.fsync, Path.rename, []

    def note(handle):
        fsync(handle)
        flushed.append(os.fstat(handle).st_ino)

    def noted(path, target):
        before.extend(flushed)
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", noted)
    out = tmp_path / "out"
    write(rows, workspace, out, "folder")
    for path in (out, *out.rglob("*")):
        assert path.stat().st_ino in before, path
    assert flushed[-1] == out.parent.stat().st_ino


def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path, workspace, rows):
    """That of a process which still writes stays."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    living = aside(tmp_path / "other")
    dead = Path(str(living).replace(f".{os.getpid()}-", f".{process.pid}-"))
    for part in (living, dead):
        (part / "images").mkdir(parents=True)
        (part / "images" / "1.png").write_bytes(b"half")
    write(rows, workspace, tmp_path / "out")
    assert (living.exists(), dead.exists()) == (True, False)


@pytest.mark.parametrize("at", [8.64e12, -8.64e12, 1e300, float("nan")])
def test_a_time_that_no_calendar_has_is_left_empty(tmp_path, workspace, rows, at):
    """One such label does not stop all the others."""
    first, *others = (replace(each, at=at) if each.at else each for each in rows)
    write([first, *others], workspace, tmp_path / "out")
    assert {each["at"] for each in read(tmp_path / "out")} == {""}
