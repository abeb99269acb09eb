"""The Croissant description, checked and read by mlcroissant."""

import json
import logging

import numpy as np
import pytest
from PIL import Image as Picture

from tests.annotator.exported import read, write

OWNER = {"citeAs", "license"}  # what only the owner can say


@pytest.mark.filterwarnings("default")  # the library's own
@pytest.mark.parametrize("images", [True, False])
def test_mlcroissant_reads_every_record(tmp_path, workspace, rows, monkeypatch, images):
    """Without an error; what it misses is what only the owner of the images knows."""
    monkeypatch.setenv("CROISSANT_CACHE", str(tmp_path / "cache"))
    logging.getLogger("absl").setLevel(logging.ERROR)
    import mlcroissant

    out = tmp_path / "out"
    made_at = {"workspace": "cells of 猫", "made_at": "2030-01-01T00:00:00Z"}
    write(rows, workspace, out, "croissant", provenance=made_at, images=images)
    told = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    data = mlcroissant.Dataset(str(out / "croissant.json"))
    issues = data.metadata.ctx.issues
    assert not issues.errors
    missed = {each for each in OWNER | {"url"} if any(each in said for said in issues.warnings)}
    assert len(issues.warnings) == len(missed)
    known = {row.image.sha256: row for row in rows}
    for record in data.records("labels"):
        row = known.pop(record["labels/sha256"].decode())
        assert record["labels/label"].decode() == row.label
        assert record["labels/source"].decode() == row.source
        assert record["labels/split"].decode() == row.split
        assert record["labels/confidence"] == row.confidence
        assert record["labels/round"] == row.round
        likely = record["labels/probabilities"]
        assert (json.loads(likely) if likely else None) == row.probabilities
        if images:
            with Picture.open(workspace.image_path(row.image.stored)) as picture:
                assert np.array_equal(np.asarray(record["labels/image"]), np.asarray(picture))
    assert not known


def test_a_table_that_was_changed_is_not_the_one_described(tmp_path, workspace, rows, monkeypatch):
    """Its hash stands in the description."""
    import hashlib

    out = tmp_path / "out"
    write(rows, workspace, out, "croissant")
    told = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
    [table] = [each for each in told["distribution"] if each["@id"] == "labels.parquet"]
    assert table["sha256"] == hashlib.sha256((out / "labels.parquet").read_bytes()).hexdigest()
    columns = {each["name"] for each in told["recordSet"][0]["field"]} - {"file", "image"}
    assert columns == set(read(out)[0])
