"""What an export of ours says in other tools' containers comes back as what it was."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.importing.containers import json as tasks_or_coco
from annotator.importing.containers.huggingface import metadata
from annotator.importing.source import Source, Wanted
from annotator.model import Given, Refused
from tests.annotator.pictures import png

AT, SECONDS = "2024-05-06T07:08:09.250Z", 1714979289.25
GIVEN = {
    "human": Given("human", "anna", SECONDS, 2.5, "near to much doubt", 0.25, False),
    "verified": Given("verified", "ben", SECONDS, 1.5, "", None, True),
    "imported": Given("imported", "", None, 0.0, "", None, False),
    "adjudicated": Given("adjudicated", "cleo", SECONDS, 4.0, "", None, False),
    "pseudo": Given("pseudo"),
}


def rows():
    """A row for each source, in either split, as an export writes it; image and label beside."""
    return [
        {
            "sha256": f"{number:064x}",
            "file_sha256": f"{number + 50:064x}",
            "source": source,
            "annotator": given.annotator or None,
            "at": AT if given.at else None,
            "seconds": None if source == "pseudo" else given.seconds,
            "reason": given.reason,
            "propensity": given.propensity,
            "suggestion_shown": None if source == "pseudo" else given.suggestion_shown,
            "split": "test" if number % 2 else "pool",
        }
        for number, (source, given) in enumerate(GIVEN.items())
    ]


def label_studio(folder, written):
    tasks = []
    for number, row in enumerate(written):
        result = {"from_name": "label", "to_name": "image", "type": "choices"}
        result["value"] = {"choices": [f"c{number}"]}
        in_data = ("sha256", "file_sha256", "split")
        task = {"data": {key: row[key] for key in in_data} | {"image": f"{number}.png"}}
        if row["source"] == "pseudo":
            task["predictions"] = [{"model_version": "round 3", "score": 0.9, "result": [result]}]
        else:
            own = {
                key: value for key, value in row.items() if key not in (*in_data, "at", "seconds")
            }
            own |= {"created_at": row["at"], "lead_time": row["seconds"], "result": [result]}
            task["annotations"] = [own]
        tasks.append(task)
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks))
    return tasks_or_coco.sources(path, Wanted())


def coco(folder, written):
    in_image = ("sha256", "file_sha256", "split")
    parts = {"categories": [], "images": [], "annotations": []}
    for number, row in enumerate(written):
        parts["categories"].append({"id": number, "name": f"c{number}"})
        image = {"id": number, "file_name": f"{number}.png"} | {key: row[key] for key in in_image}
        parts["images"].append(image)
        own = {key: value for key, value in row.items() if key not in in_image}
        parts["annotations"].append({"id": number, "image_id": number, "category_id": number} | own)
    path = folder / "train.json"
    path.write_text(json.dumps(parts))
    return tasks_or_coco.sources(path, Wanted())


def hugging_face(folder, written):
    table = [
        row | {"file_name": f"{number}.png", "label": f"c{number}"}
        for number, row in enumerate(written)
    ]
    pq.write_table(pa.Table.from_pylist(table), folder / "metadata.parquet")
    found = metadata.metadata_of(folder)
    return metadata.sources(folder, found, Wanted(), folder.parent)


CONTAINERS = {"Label Studio": label_studio, "COCO": coco, "Hugging Face": hugging_face}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "export"
    made.mkdir()
    for number in range(len(GIVEN)):
        (made / f"{number}.png").write_bytes(png(number))
    return made


@pytest.mark.parametrize("container", CONTAINERS)
def test_whose_label_it_is_and_where_the_image_stays_come_back(folder, container):
    """Each source with all that was told of it; a pseudo-label stays one; test stays test."""
    written = rows()
    found = list(CONTAINERS[container](folder, written))
    assert all(isinstance(each, Source) for each in found), found
    for number, (source, row) in enumerate(zip(found, written, strict=True)):
        assert source.told.label == f"c{number}"
        assert source.told.given == GIVEN[row["source"]]
        assert source.told.split == row["split"]
        assert source.original == row["sha256"]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("split", "train", "split is 'train', none of pool, val, test"),
        ("source", "robot", "source is 'robot', none of human"),
        ("source", "unclear", "the label is 'c0'; empty the label, or write 'imported' as source"),
        ("at", "yesterday", "at is 'yesterday'"),
        ("propensity", "high", "propensity is 'high', no number"),
    ],
)
def test_what_we_do_not_write_is_refused_by_name(folder, container, column, value, told):
    """A slip in a table must not make another person's label of it."""
    written = rows()[:1]
    written[0][column] = value
    (refused, *_) = CONTAINERS[container](folder, written)
    assert isinstance(refused, Refused)
    assert refused.name == "0.png"
    assert told in refused.reason
