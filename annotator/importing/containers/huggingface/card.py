"""The names of classes that a data set says by number: on its card, or in a Parquet file's note."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from annotator.errors import ImportingError

CARD = "README.md"
SAID = ("dataset_info", "configs")  # where features may stand
NOTE = b"huggingface"  # where `datasets` leaves what columns are


def class_names(folder: Path, column: str) -> list[str]:
    """The names by number that the card of a data set gives a column; empty where it gives none.

    Raises:
        ImportingError: the card cannot be read, or its configurations name classes differently.
    """
    card = folder / CARD
    try:
        text = card.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as problem:
        raise ImportingError(f"Cannot read the card {card}: {problem}.") from problem
    found = [_of_features(each, column) for each in _features(card, text)]
    named = [each for each in found if each]
    if any(each != named[0] for each in named):
        raise ImportingError(
            f"{card}: its configurations name the classes of '{column}' differently. Leave one of "
            "them in the card."
        )
    return named[0] if named else []


def _features(card: Path, text: str) -> Iterator[Any]:
    """What the card says of columns, for each configuration."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        return
    try:
        said = yaml.safe_load("\n".join(lines[1 : lines.index("---", 1)]))
    except (yaml.YAMLError, RecursionError) as problem:
        raise ImportingError(
            f"{card}: what stands between its lines `---` is no YAML ({problem})."
        ) from problem
    for key in SAID if isinstance(said, Mapping) else ():
        info = said.get(key)
        for each in info if isinstance(info, list) else [info]:
            if isinstance(each, Mapping):
                yield each.get("features")


def _of_features(features: Any, column: str) -> list[str]:
    for each in features if isinstance(features, list) else ():
        if isinstance(each, Mapping) and each.get("name") == column:
            kind = each.get("dtype")
            label = kind.get("class_label") if isinstance(kind, Mapping) else None
            return _in_order(label.get("names") if isinstance(label, Mapping) else None)
    return []


def _in_order(names: Any) -> list[str]:
    """Names from a list, or from a table by number."""
    if isinstance(names, Mapping):
        table = {int(key): str(name) for key, name in names.items() if str(key).isdecimal()}
        return [table[number] for number in range(len(table))] if _whole(table) else []
    return [str(name) for name in names] if isinstance(names, list) else []


def _whole(table: Mapping[int, str]) -> bool:
    return set(table) == set(range(len(table)))


def noted_names(parquet: Path, column: str) -> list[str]:
    """The names by number in the note that `datasets` leaves in a Parquet file; else empty."""
    note = (pq.read_schema(parquet).metadata or {}).get(NOTE, b"{}")
    try:
        return _in_order(json.loads(note)["info"]["features"][column]["names"])
    except (ValueError, KeyError, TypeError):
        return []
