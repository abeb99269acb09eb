"""The folder of classes as torchvision's ImageFolder reads it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture
from torchvision.datasets import ImageFolder

from annotator.service import Service
from tests.annotator.exported import read, write
from tests.annotator.pictures import GOOD, encoded, noise


@pytest.fixture
def odd(tmp_path):
    """A class of GIF files alone, and one of PNG and JPEG 2000 files."""
    seed = 0
    for label, kinds in {"drawing": ["GIF"], "photo": ["PNG", "JPEG2000"]}.items():
        folder = tmp_path / "source" / label
        folder.mkdir(parents=True)
        for kind in kinds:
            for _ in range(2):
                seed += 1
                picture = Picture.fromarray(noise(seed, channels=1 if kind == "GIF" else 3))
                (folder / f"{kind}{seed}.{kind.lower()[:3]}").write_bytes(encoded(picture, kind))
    made = Service.create(tmp_path / "ws", ["drawing", "photo"])
    made.import_source(tmp_path / "source", labels="folders")
    yield made
    made.close()


def test_a_class_of_gif_files_is_a_class_for_image_folder(odd, tmp_path):
    """All six images, each with its class and its pixels; what was converted is said thrice."""
    report = odd.export(tmp_path / "out", "folder")
    found = {}
    for split in ("train", "test"):
        if not (tmp_path / "out" / split).exists():
            continue
        for path, number in (data := ImageFolder(tmp_path / "out" / split)).samples:
            found[str(Path(path).relative_to(tmp_path / "out"))] = data.classes[number]
    lines = {line["path"]: line for line in read(tmp_path / "out")}
    assert found == {path: line["label"] for path, line in lines.items()}
    assert sorted(found.values()) == ["drawing"] * 2 + ["photo"] * 4
    for image in odd.images(limit=-1):
        [line] = [each for each in lines.values() if each["sha256"] == image.sha256]
        with (
            Picture.open(odd.workspace.image_path(image.stored)) as before,
            Picture.open(tmp_path / "out" / line["path"]) as after,
        ):
            assert np.array_equal(
                np.asarray(before.convert("RGB")), np.asarray(after.convert("RGB"))
            )
    said = " ".join(report.notes)
    assert "2 .gif files were converted to PNG" in said
    assert "2 .jp2 files were converted to PNG" in said
    assert "each pixel as it was" in said
    for name in ("provenance.json", "README.md"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8").replace("\\", "")
        assert "2 .gif files were converted to PNG" in text


def test_converted_images_that_come_back_are_no_new_ones(odd, tmp_path):
    """Otherwise a test image would be there twice, and one of them to learn from."""
    odd.export(tmp_path / "out", "folder")
    report = odd.import_source(tmp_path / "out" / "labels.csv")
    assert (report.added, report.duplicates, report.refused) == (0, 6, ())


def test_pseudo_labels_are_marked_where_nothing_but_a_name_can(tmp_path, workspace, rows):
    """The name of the file says so, and no other begins so."""
    write(rows, workspace, tmp_path / "out", "folder")
    for line in read(tmp_path / "out"):
        assert Path(line["path"]).name.startswith("pseudo-") == (line["source"] == "pseudo")


def test_classes_that_a_split_lacks_are_told(tmp_path, workspace, rows):
    """ImageFolder numbers the classes of each folder by itself."""
    report = write(rows, workspace, tmp_path / "out", "folder", classes=["rare"])
    numbered = [ImageFolder(tmp_path / "out" / split).class_to_idx for split in ("train", "test")]
    assert set(numbered[0]) != set(numbered[1])
    [test] = [note for note in report.notes if "`test` has no image" in note]
    labels = {
        split: {row.label for row in rows if row.split == split} for split in ("pool", "test")
    }
    for label in labels["pool"] - labels["test"]:
        assert f"'{label}'" in test
    assert "No image is labeled 'rare'" in " ".join(report.notes)
    assert "'rare'" not in test


def test_what_image_folder_reads_is_left_as_it_is(tmp_path):
    """Only what it does not know is converted, and of what moves the first picture."""
    source = tmp_path / "source" / "all"
    source.mkdir(parents=True)
    for name, content in GOOD.items():
        (source / name).write_bytes(content)
    service = Service.create(tmp_path / "ws", ["all"])
    service.import_source(tmp_path / "source", labels="folders")
    report = service.export(tmp_path / "out", "folder", keep_metadata=True)
    service.close()
    suffixes = {Path(line["name"]).suffix for line in read(tmp_path / "out")
                if line["sha256"] != line["file_sha256"]}  # fmt: skip
    assert suffixes == {".gif", ".jp2"}
    assert "of several pages or frames the first" in " ".join(report.notes)
