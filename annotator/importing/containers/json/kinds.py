"""Which kind of JSON a file is, by what it holds and never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from annotator.errors import ImportingError
from annotator.importing.containers.json.stream import entries

Kind = Literal["COCO", "Label Studio"]

COCO = {"annotations", "categories", "images"}
TASK = {"annotations", "completions", "predictions"}
LOOKED_FOR = (
    "Looked for an export of Label Studio (a list of tasks with `data`, `annotations` and "
    "`predictions`) and for a COCO file (`images`, `annotations` and `categories`)"
)
TABLE = "a table of images is read as CSV, JSON Lines or Parquet with a column 'path'"


def kind(path: Path) -> Kind:
    """Tell what a JSON file is.

    Raises:
        ImportingError: it is none that is read; the message names what was looked for.
    """
    keys = []
    for key, entry in entries(path):
        if not key:
            return _of_list(path, entry)
        if key in COCO and isinstance(entry, dict):
            return "COCO"
        keys.append(key)
    held = f"its keys are {_listed(keys)}" if keys else "it is empty"
    raise ImportingError(f"{path}: {held}. {LOOKED_FOR}; {TABLE}.")


def _of_list(path: Path, entry: Any) -> Kind:
    held = entry.keys() if isinstance(entry, dict) else set()
    if isinstance(held and entry.get("data"), dict):
        return "Label Studio"
    if "annotation_id" in held or "lead_time" in held:
        raise ImportingError(
            f"{path} is Label Studio's short export (JSON-MIN), which does not tell skipped tasks "
            "and predictions apart from answers. Export the project as 'JSON' instead."
        )
    if {"image_id", "category_id"} <= held:
        raise ImportingError(
            f"{path} holds what a model found, in COCO's form of results, without the images. "
            "Import the COCO file with `images`, `annotations` and `categories`."
        )
    what = f"its entries have {_listed(held)}" if held else "its entries are no objects"
    raise ImportingError(f"{path}: {what}. {LOOKED_FOR}; {TABLE}.")


def _listed(keys: Any, most: int = 8) -> str:
    known = list(dict.fromkeys(map(str, keys)))
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(f"'{each[:40]}'" for each in known[:most]) + more
