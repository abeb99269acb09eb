"""What an export of ours says in a container that is no table: as its tables do, value by value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.importing.tables import own
from annotator.model import Told

SHA256, FILE_SHA256 = "sha256", "file_sha256"
OWN = frozenset({SHA256, own.SOURCE, "split"})  # by which a row of ours is known; a table has more


def told(row: Mapping[str, Any], plain: Told) -> Told:
    """What is told of an image by a row, `plain` being what its container tells of any.

    Raises:
        UnclearError: the row is one of ours, and says what we do not write.
    """
    if not row.keys() >= OWN:
        return plain

    def cell(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value)

    given, split = own.given(cell, plain.label or ""), own.split(cell)
    group = plain.group or cell("group")  # the hash that the export has
    flag, note = own.marks(cell)
    return Told(plain.label, given, split, group=group, place=plain.place, flag=flag, note=note)


def name(row: Mapping[str, Any], file: str) -> str:
    """What the image of a row is called: as it was when it was exported, else by its file."""
    return str(row.get("name") or file) if row.keys() >= OWN else file


def is_document(row: Mapping[str, Any]) -> bool:
    """Whether all pages of the file of a row are one thing, with one label."""
    return row.keys() >= OWN and own.is_document(str(row.get(own.PAGES) or ""))


def sha256(row: Mapping[str, Any]) -> str:
    """The SHA-256 of the image that a row of ours is about; empty of any other row."""
    return str(row.get(SHA256) or "") if row.keys() >= OWN else ""


def original(row: Mapping[str, Any]) -> str:
    """The SHA-256 of the image that a row is about, where the file beside it may be a bare copy."""
    return str(row.get(SHA256) or "") if FILE_SHA256 in row else ""
