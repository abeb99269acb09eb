"""Folders for YOLO: what measures is never what chooses, and each class is everywhere."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from torchvision.datasets import ImageFolder

from annotator.importing.scan import scan
from annotator.model import Image
from tests.annotator.exported import read, row, write
from tests.annotator.pictures import png

N = 120


@pytest.fixture
def many(tmp_path, workspace):
    """Images of two classes: every third of the test set, a half of the others pseudo-labeled."""
    folder = tmp_path / "many"
    folder.mkdir()
    for seed in range(N):
        (folder / f"{seed:03d}.png").write_bytes(png(1_000 + seed, 5, 5))
    made = []
    for i, e in enumerate(scan(folder, workspace), 1):
        split = "test" if i % 3 == 0 else "pool"
        image = Image(i, e.sha256, e.name, e.stored, 5, 5, split)
        human = split == "test" or i % 2 == 0
        made.append(row(image, ("cat", "dog")[i % 2], human))
    return made


def splits(out):
    """{hash of an image: the folder that it lies in}."""
    return {line["sha256"]: line["path"].split("/")[0] for line in read(out)}


def test_the_test_set_is_left_for_the_end(tmp_path, workspace, many):
    """YOLO keeps the weights that do best on `val`: it has human labels of the pool alone."""
    singles = [replace(each, group="") for each in many]
    report = write(singles, workspace, tmp_path / "out", "yolo")
    where = splits(tmp_path / "out")
    val = [each for each in singles if where[each.image.sha256] == "val"]
    for each in singles:
        assert (where[each.image.sha256] == "test") == (each.split == "test")
    human = sum(each.split == "pool" and each.source == "human" for each in singles)
    assert 0 < len(val) < 0.25 * human
    assert {(each.split, each.source) for each in val} == {("pool", "human")}
    assert "`val`" in " ".join(report.notes)


@pytest.mark.parametrize("by", ["group", "kin"])
def test_what_belongs_together_is_not_in_train_and_val(tmp_path, workspace, many, by):
    """Patients with several images, or near-duplicates; what cannot be in either lies apart."""
    grouped = [
        replace(each, **{"group": "", by: i % 20 + 1 if by == "kin" else f"case {i % 20}"})
        for i, each in enumerate(many)
    ]
    report = write(grouped, workspace, tmp_path / "out", "yolo")
    where, found = splits(tmp_path / "out"), defaultdict(set)
    for each in grouped:
        if each.split == "pool":
            found[getattr(each, by)].add(where[each.image.sha256])
    assert all(not {"train", "val"} <= each for each in found.values())
    assert any("val" in each for each in found.values())
    apart = [each for each in grouped if where[each.image.sha256] == "apart"]
    assert {each.source for each in apart} == {"pseudo"}
    assert f"{len(apart)} pseudo-labeled images lie in `apart`" in " ".join(report.notes)


@pytest.mark.parametrize("n", [2, 3, 5, 9])
def test_of_few_labels_some_are_in_val_and_some_in_train(tmp_path, workspace, many, n):
    """However the draw falls: without `val`, YOLO takes the test images in its place."""
    human = [replace(each, group="") for each in many if each.source == "human"]
    pool = [each for each in human if each.split == "pool"][:n]
    write(pool, workspace, tmp_path / "out", "yolo")
    assert set(splits(tmp_path / "out").values()) == {"train", "val"}


def test_an_empty_val_is_told(tmp_path, workspace, many):
    """Where all that people labeled belongs together."""
    one = [replace(each, group="the only patient") for each in many if each.source == "human"][:9]
    report = write(one, workspace, tmp_path / "out", "yolo")
    assert "val" not in splits(tmp_path / "out").values()
    assert "`val` is empty" in " ".join(report.notes)


def test_classes_have_the_same_numbers_in_every_folder(tmp_path, workspace, many):
    """ultralytics reads each split as an ImageFolder in which a class may be empty."""
    out = tmp_path / "out"
    write(many, workspace, out, "yolo", classes=["ant", "dog"])
    read_ = [ImageFolder(out / split, allow_empty=True) for split in ("train", "val", "test")]
    assert {tuple(each.classes) for each in read_} == {("ant", "cat", "dog")}
    labels = {line["path"]: line["label"] for line in read(out)}
    for data in read_:
        for path, number in data.samples:
            assert labels[str(Path(path).relative_to(out))] == data.classes[number]


def test_images_that_validate_are_what_weights_are_chosen_by(tmp_path, workspace, many):
    """Then nothing of the pool is; what belongs together with one lies apart."""
    rows = [
        replace(each, split="val" if i % 12 == 1 else each.split, group="mary" * (i in (1, 3)))
        for i, each in enumerate(many)
    ]
    report = write(rows, workspace, tmp_path / "out", "yolo")
    where = splits(tmp_path / "out")
    assert {each.split for each in rows if where[each.image.sha256] == "val"} == {"val"}
    assert all(where[each.image.sha256] == "val" for each in rows if each.split == "val")
    assert [i for i, each in enumerate(rows) if where[each.image.sha256] == "apart"] == [3]
    said = " ".join(report.notes)
    assert "`val` holds the validation images" in said
    assert "images lie in `apart`" in said
