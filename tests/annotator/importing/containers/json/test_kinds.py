"""A JSON file is what it holds, whatever it is called."""

import json

import pytest

from annotator.errors import ImportingError
from annotator.importing.containers.json.kinds import kind

FULL = {"images": [{"id": 1, "file_name": "a.png"}], "annotations": [], "categories": []}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([{"data": {"image": "a.png"}, "annotations": []}], "Label Studio"),
        ([{"data": {"image": "a.png"}, "predictions": []}, {}], "Label Studio"),
        (FULL, "COCO"),
        ({"info": {"images": 3}} | FULL, "COCO"),
    ],
)
def test_a_file_is_told_by_what_it_holds(tmp_path, said, found):
    """Not by its name: each is called as the other one might be."""
    path = tmp_path / ("coco.json" if found == "Label Studio" else "label_studio.json")
    path.write_text(json.dumps(said))
    assert kind(path) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"path": "a.png", "label": "cat"}]', "its entries have 'path', 'label'"),
        ('{"a.png": "cat"}', "its keys are 'a.png'"),
        ("{}", "it is empty"),
        ("[1, 2]", "its entries are no objects"),
        ('{"images": ["a.png"]}', "its keys are 'images'"),
    ],
)
def test_an_unknown_file_names_what_it_has_and_what_was_looked_for(tmp_path, text, told):
    """And the way out: a table."""
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(ImportingError) as caught:
        kind(path)
    message = str(caught.value)
    assert told in message
    assert "Looked for an export of Label Studio" in message
    assert "COCO" in message
    assert "column 'path'" in message


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([{"image": "a.png", "choice": "cat", "annotation_id": 3}], "JSON-MIN"),
        ([{"image_id": 3, "category_id": 1, "score": 0.5}], "what a model found"),
    ],
)
def test_a_relative_of_a_known_kind_is_called_by_its_name(tmp_path, said, told):
    """With what to export instead."""
    path = tmp_path / "some.json"
    path.write_text(json.dumps(said))
    with pytest.raises(ImportingError, match=told):
        kind(path)
