"""COCO files of whole images."""

import json

import pytest

from annotator.errors import ImportingError
from annotator.importing.containers import json as reader
from annotator.importing.source import Absent, Source, Wanted
from annotator.model import Noted, Refused
from tests.annotator.pictures import png

CATEGORIES = [{"id": 3, "name": "cat"}, {"id": 9, "name": "Σ"}, {"id": 4, "name": "σ"}]


def coco(folder, annotations, n=4, below="", first="images", **more):
    """Write a COCO file with n images that lie in `below`; (image, category) are annotated."""
    (folder / below).mkdir(parents=True, exist_ok=True)
    images = [{"id": 10 + i, "file_name": f"{i}.png", "width": 24, "height": 16} for i in range(n)]
    for seed, image in enumerate(images):
        (folder / below / image["file_name"]).write_bytes(png(seed))
    said = [
        {"id": number, "image_id": image, "category_id": category} | more
        for number, (image, category) in enumerate(annotations)
    ]
    parts = {"images": images, "annotations": said, "categories": CATEGORIES}
    path = folder / "anything.json"
    path.write_text(json.dumps({first: parts.pop(first), "info": {"year": 2024}} | parts))
    return path


def read(path):
    found = list(reader.sources(path, Wanted()))
    notes = [each for each in found if isinstance(each, Noted)]
    images = [(each.name, each.told.label) for each in found if isinstance(each, Source)]
    return images, [e for e in found if isinstance(e, Refused | Absent) and e not in notes], notes


@pytest.mark.parametrize("first", ["images", "annotations", "categories"])
@pytest.mark.parametrize("below", ["", "images", "data"])
def test_the_category_of_an_image_is_its_class(tmp_path, below, first):
    """Whichever part stands first, and wherever tools lay the images; names keep their case."""
    path = coco(tmp_path, [(10, 3), (11, 9), (12, 4), (12, 4)], below=below, first=first)
    images, refused, notes = read(path)
    assert images == [("0.png", "cat"), ("1.png", "Σ"), ("2.png", "σ"), ("3.png", None)]
    assert (refused, notes) == ([], [])


def test_an_image_of_two_categories_is_refused_by_name(tmp_path):
    """Both are named; the others come in."""
    images, (refused,), _ = read(coco(tmp_path, [(10, 3), (10, 9), (11, 3)], n=2))
    assert images == [("1.png", "cat")]
    assert (refused.name, refused.reason) == (
        "0.png",
        "of 2 categories ('cat', 'Σ'); an image has one class here",
    )


def test_boxes_and_images_that_are_not_listed_are_told(tmp_path):
    """What is passed over is counted."""
    _, _, notes = read(coco(tmp_path, [(10, 3), (99, 3)], n=1, bbox=[1, 2, 3, 4]))
    assert "2 annotations draw boxes" in notes[0].reason
    assert "annotations of 1 images that it does not list" in notes[1].reason


def test_a_category_without_a_name_and_an_image_without_a_file_are_refused(tmp_path):
    """Each by the name of its image."""
    path = coco(tmp_path, [(10, 77)], n=2)
    (tmp_path / "1.png").unlink()
    images, refused, _ = read(path)
    assert images == []
    assert [each.name for each in refused] == ["0.png", "1.png"]
    assert "category 77 is not in the list" in refused[0].reason
    assert "no such file; looked in" in refused[1].reason


def test_two_images_of_one_number_are_refused(tmp_path):
    """Nobody could tell whose annotations are whose."""
    path = tmp_path / "twice.json"
    path.write_text(json.dumps({"images": [{"id": 1, "file_name": n} for n in ("a.png", "b.png")]}))
    with pytest.raises(ImportingError, match=r"'a\.png' and 'b\.png' have the same id 1"):
        read(path)
