"""What exports are made of, and how one is read back."""

import csv

import pandas as pd

from annotator.export.line import COLUMNS
from annotator.model import ExportRow

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


def row(image, label, human):
    if human:
        at = 1_700_000_000.25
        return ExportRow(image, label, "human", None, None, None, "Zoë <z@x>", at, image.split)
    return ExportRow(image, label, "pseudo", 0.97, 3, "5f" * 32, None, None, image.split)


def read(out):
    """All rows as {column: text}, an absent value as the empty text."""
    if (out / "labels.parquet").exists():
        frame = pd.read_parquet(out / "labels.parquet")
        assert list(frame.columns) == list(COLUMNS)
        records = frame.astype(object).where(frame.notna(), "").to_dict("records")
        return [{key: _text(value) for key, value in record.items()} for record in records]
    with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
