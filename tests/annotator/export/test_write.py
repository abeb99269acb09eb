"""From labels to a data set that others can read."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from annotator.errors import ExportError
from annotator.export import write as export
from annotator.project.leftovers import aside
from tests.annotator.exported import NAMES, read


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
        "left_out": [],
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


def test_lost_and_damaged_images_stop_the_export_and_are_named(tmp_path, workspace, rows):
    """Each of them at once, with both ways out, and no half export stays behind."""
    one, other = (workspace.image_path(rows[place].image.stored) for place in (4, 6))
    content = one.read_bytes()
    one.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    other.unlink()
    with pytest.raises(ExportError, match=r"2 are gone or damaged.*Import.*without them") as error:
        export.write(rows, workspace, tmp_path / "out", provenance={})
    for place in (4, 6):
        assert rows[place].image.name in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "workspace"]


@pytest.mark.parametrize("kind", ["csv", "folder", "parquet"])
def test_without_damaged_images_the_rest_is_exported_when_asked(tmp_path, workspace, rows, kind):
    """The report and the provenance name what is left out; every other image is whole."""
    path = workspace.image_path(rows[4].image.stored)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    report = export.write(rows, workspace, tmp_path / "out", kind, provenance={}, damaged=True)
    assert report.left_out == (rows[4].image.name,)
    assert report.human + report.pseudo == len(rows) - 1
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert facts["left_out"] == [rows[4].image.name]
    assert facts["rows"] == len(rows) - 1
    copies = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (tmp_path / "out" / "images").rglob("*")
        if path.is_file()
    }
    assert copies == {row.image.sha256 for row in rows if row is not rows[4]}


def test_an_export_of_damaged_images_alone_is_none(tmp_path, workspace, rows):
    """An empty data set would be taken for a whole one."""
    for row in rows:
        workspace.image_path(row.image.stored).unlink()
    with pytest.raises(ExportError, match="gone or damaged"):
        export.write(rows, workspace, tmp_path / "out", provenance={}, damaged=True)


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
    export.write(rows, workspace, out, "folder", provenance={})
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
    export.write(rows, workspace, tmp_path / "out", provenance={})
    assert (living.exists(), dead.exists()) == (True, False)


@pytest.mark.parametrize("at", [8.64e12, -8.64e12, 1e300, float("nan")])
def test_a_time_that_no_calendar_has_is_left_empty(tmp_path, workspace, rows, at):
    """One such label does not stop all the others."""
    first, *others = (replace(each, at=at) if each.at else each for each in rows)
    export.write([first, *others], workspace, tmp_path / "out", provenance={})
    assert {each["at"] for each in read(tmp_path / "out")} == {""}
