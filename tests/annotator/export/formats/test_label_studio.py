"""Label Studio's tasks, checked by its own library."""

import json
from urllib.parse import unquote

import pytest

from tests.annotator.exported import read, write


@pytest.fixture
def interface(monkeypatch, tmp_path):
    """Label Studio's own reading of a labeling interface."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from label_studio_sdk.label_interface import LabelInterface

    return LabelInterface


@pytest.mark.filterwarnings("default")  # the library's own
@pytest.mark.parametrize("images", [True, False])
def test_label_studio_takes_the_tasks_and_its_interface(
    tmp_path, workspace, rows, interface, images
):
    """Every class is a choice, and every annotation and prediction is one that it offers."""
    out = tmp_path / "out"
    write(rows, workspace, out, "label-studio", classes=["rare"], images=images)
    known = interface((out / "config.xml").read_text(encoding="utf-8"))
    known.validate()
    assert set(known.get_control("label").labels) == {"rare", *(row.label for row in rows)}
    tasks = json.loads((out / "tasks.json").read_text(encoding="utf-8"))
    assert len(tasks) == len(rows)
    for task in tasks:
        assert known.validate_task({"data": task["data"]})
        for each in task.get("annotations", ()):
            assert known.validate_annotation(each)
        for each in task.get("predictions", ()):
            assert known.validate_prediction(each, return_errors=True) == []
    wrong = {"result": [{**tasks[0].get("annotations", tasks[0].get("predictions"))[0]["result"][0],
                         "value": {"choices": ["no class"]}}]}  # fmt: skip
    assert not known.validate_annotation(wrong), "it would say so"


def test_what_a_model_said_is_a_prediction_and_what_people_said_an_annotation(
    tmp_path, workspace, rows
):
    """Never both; a prediction has its model and its score."""
    write(rows, workspace, tmp_path / "out", "label-studio")
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8"))
    known = {row.image.sha256: row for row in rows}
    for task in tasks:
        row = known.pop(task["data"]["sha256"])
        assert ("predictions" in task) == (row.source == "pseudo")
        assert ("annotations" in task) == (row.source != "pseudo")
        if row.source == "pseudo":
            [said] = task["predictions"]
            assert (said["score"], said["model_version"]) == (0.97, f"round 3, {'5f' * 32}")
        else:
            [given] = task["annotations"]
            assert (given["annotator"], given["lead_time"]) == ("Zoë <z@x>", 2.5)
            assert "completed_by" not in given, "it refuses a file for a person it does not know"
    assert not known


def test_an_image_is_found_where_label_studio_serves_files(tmp_path, workspace, rows):
    """With the export as the root of local files."""
    write(rows, workspace, tmp_path / "out", "label-studio")
    for task in json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8")):
        path = task["data"]["image"].removeprefix("/data/local-files/?d=")
        assert (tmp_path / "out" / unquote(path)).is_file()
    assert {line["path"].split("/")[0] for line in read(tmp_path / "out")} == {"images"}
