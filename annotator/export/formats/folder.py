"""A folder a class, as torchvision's ImageFolder reads it: images/CLASS/FILE, and labels.csv."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from annotator.export.formats.csv import write, write_for_spreadsheet
from annotator.export.names import class_folders, file_name
from annotator.model import ExportRow

__all__ = ["places", "write", "write_for_spreadsheet"]


def places(rows: Sequence[ExportRow]) -> list[str]:
    """Where each image goes: its own name in the folder of its class."""
    folders = class_folders(row.label for row in rows)
    taken: defaultdict[str, set[str]] = defaultdict(set)
    return [f"images/{folders[row.label]}/{file_name(row.image, taken[row.label])}" for row in rows]
