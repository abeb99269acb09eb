"""What exports are made of, and how one is read back."""

import csv
import json
from collections import Counter

import pyarrow.parquet as pq

from annotator.export import write as export
from annotator.export.line import COLUMNS
from annotator.model import ExportRow
from annotator.model.cells import MARKED

MORE = (MARKED,)  # columns that a table may have besides

NAMES = {
    "a.png": "cat",
    "b/a.png": "cat",
    "b/A.PNG": "Cat",
    "c/<script>.jpg": "<script>alert(1)</script>",
    'd/it\'s, "x".png': "../../etc",
    "e/猫.png": "NA",
    "f/=cmd.png": "=1+1",
    "g/no suffix": "a/b",
    "h/new\nline.png": "a_b",
}


class Rows(list):
    """A few rows where an export reads many from the store."""

    def __init__(self, rows):
        super().__init__(rows)
        self.taken = set()

    def counts(self):
        return Counter((row.label, row.split, row.source) for row in self)

    def claim(self, name):
        free = name not in self.taken
        self.taken.add(name)
        return free


def row(image, label, human):
    if human:
        return ExportRow(
            image=image,
            label=label,
            source="human",
            confidence=None,
            round=None,
            model=None,
            annotator="Zoë <z@x>",
            at=1_700_000_000.25,
            split=image.split,
            reason="entropy 1.31 nats, torn between 4 and 9",
            seconds=2.5,
            propensity=0.125,
            suggestion_shown=True,
            group="0123abcd",
        )
    others = dict.fromkeys(sorted(set(NAMES.values())), 0.0)
    said = others | {"NA" if label == "cat" else "cat": 0.03, label: 0.97}
    return ExportRow(
        image, label, "pseudo", 0.97, 3, "5f" * 32, None, None, image.split, probabilities=said
    )


def write(rows, workspace, out, kind="csv", **options):
    """Export a list of rows; nothing is known of how they came about unless it is told."""
    given = {"provenance": {}} | options
    return export.write(Rows(rows), workspace, out, kind, **given)


def read(out):
    """All rows of any format as {column: text}, an absent value as the empty text."""
    return [
        {column: text(record.get(column)) for column in (*COLUMNS, *MORE) if column in record}
        for record in records(out)
    ]


def records(out):
    """All rows of any format by column, as its file holds them."""
    kind = json.loads((out / "provenance.json").read_text(encoding="utf-8"))["format"]
    if kind in ("parquet", "croissant"):
        return pq.read_table(out / "labels.parquet").to_pylist()
    if kind == "jsonl":
        text = (out / "labels.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.removesuffix("\n").split("\n")]
    if kind == "huggingface":
        return [record for split in ("train", "test") for record in _hugged(out / split)]
    if kind == "label-studio":
        return list(map(_task, json.loads((out / "tasks.json").read_text(encoding="utf-8"))))
    if kind == "coco":
        return [record for split in ("train", "test") for record in _coco(out / f"{split}.json")]
    with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _hugged(folder):
    if not folder.exists():
        return
    name = "metadata.parquet" if (folder / "metadata.parquet").exists() else "labels.parquet"
    for row in pq.read_table(folder / name).to_pylist():
        file = row.pop("file_name", None)
        yield row if file is None else {"path": f"{folder.name}/{file}", **row}


def _task(task):
    """Whose word it is follows from where it stands."""
    said = [(each, "pseudo") for each in task.get("predictions", ())]
    said += [(each, each["source"]) for each in task.get("annotations", ())]
    [(given, source)] = said
    label = given["result"][0]["value"]["choices"][0] if given["result"] else None
    assert (label is None) == given.get("was_cancel" + "led", False) == (source == "unclear")
    names = {"seconds": "lead_time", "at": "created_at", "confidence": "score"}
    told = {column: given.get(names.get(column, column)) for column in COLUMNS}
    return {
        **told,
        "reason": told["reason"] or "",
        "why_unclear": told["why_unclear"] or "",
        **task["data"],
        "label": label,
        "source": source,
    }


def _coco(path):
    if not path.exists():
        return
    told = json.loads(path.read_text(encoding="utf-8"))
    images = {each["id"]: each for each in told["images"]}
    names = {each["id"]: each["name"] for each in told["categories"]}
    for given in told["annotations"]:
        image = images.pop(given["image_id"])
        known = {"path": image["file_name"], "label": names[given["category_id"]]}
        yield {**image, **given, **known, "confidence": given.get("score")}
    for image in images.values():  # without an annotation
        assert image["source"] == "unclear"
        yield {**image, "path": image["file_name"]}


def text(value):
    """Several values are one JSON object, however the file has them."""
    if isinstance(value, list | dict):
        return json.dumps(dict(value), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
