"""Folders that an export of ours wrote: they are read by their table, which says whose labels."""

from __future__ import annotations

import json
import os
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.tables import opened
from annotator.importing.tables.own import is_own

PROVENANCE = "provenance.json"
JSON = ("tasks.json", "train.json", "val.json", "test.json")  # of Label Studio, or of COCO
TABLES = ("labels.parquet", "labels.jsonl", "labels.csv")  # the one with most types first
ABOVE = 3  # folders: OUT/images/CLASS


def tables_of(folder: Path) -> list[Path]:
    """The tables of an export that lies in this folder; none if it is no such folder."""
    found = [folder / name for name in TABLES if _is_file(folder / name)][:1]
    if _is_export(folder):
        return found or [folder / name for name in JSON if _is_file(folder / name)]
    try:
        return [each for each in found if is_own(opened(each).columns)]
    except ImportingError:  # whatever it is, no export wrote it
        return []


def check_whole(folder: Path) -> None:
    """See to it that the class folders of an export are not read as if people had named them.

    Raises:
        ImportingError: the folder is a part of an export.
    """
    for above in [folder, *list(folder.parents)[:ABOVE]]:
        if _is_export(above):
            raise ImportingError(
                f"{folder} is an export of Certilabel or a part of one, in which labels of people "
                f"and of models lie side by side. Import {above} without `--labels folders`: it "
                "says itself which are which."
            )


def _is_export(folder: Path) -> bool:
    try:
        facts = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and "certilabel" in facts


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - it never fails
