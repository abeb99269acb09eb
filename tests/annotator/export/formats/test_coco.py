"""The export in the manner of COCO, read as its readers do: indexed by id."""

import json

import pytest
from PIL import Image as Picture

from tests.annotator.exported import write


def index(path):
    """What pycocotools' COCO.createIndex makes of a file: annotations by image, names by id."""
    told = json.loads(path.read_text(encoding="utf-8"))
    assert set(told) == {"images", "annotations", "categories"}
    images = {each["id"]: each for each in told["images"]}
    assert len(images) == len(told["images"])
    assert len({each["id"] for each in told["annotations"]}) == len(told["annotations"])
    by_image = {}
    for each in told["annotations"]:
        by_image.setdefault(each["image_id"], []).append(each)
    return images, by_image, {each["id"]: each["name"] for each in told["categories"]}


@pytest.mark.parametrize("split", ["train", "test"])
def test_each_image_has_one_category_and_its_true_size(tmp_path, workspace, rows, split):
    """Both files number the categories alike; only a model's word has a score."""
    out = tmp_path / "out"
    write(rows, workspace, out, "coco", classes=["rare", "cat"])
    images, annotations, names = index(out / f"{split}.json")
    assert names == index(out / "test.json")[2]
    assert list(names.values())[:2] == ["rare", "cat"]
    assert min(names) == 1, "0 is the background to many readers"
    wanted = [row for row in rows if (row.split == "test") == (split == "test")]
    assert len(images) == len(wanted)
    for row in wanted:
        [number] = [each for each, found in images.items() if found["sha256"] == row.image.sha256]
        with Picture.open(out / images[number]["file_name"]) as picture:
            assert picture.size == (images[number]["width"], images[number]["height"])
        [given] = annotations[number]
        assert names[given["category_id"]] == row.label
        assert given["source"] == row.source
        assert given.get("score") == row.confidence
        assert "bbox" not in given


def test_a_split_without_rows_has_no_file(tmp_path, workspace, rows):
    """And nothing but what was asked for lies there."""
    pool = [row for row in rows if row.split == "pool"]
    write(pool, workspace, tmp_path / "out", "coco")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["README.md", "images", "provenance.json", "train.json"]
