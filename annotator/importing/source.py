"""What a container holds: a file each, what to call it, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model import NOTHING, Refused, Told

if TYPE_CHECKING:
    from annotator.importing.fetching import Fetcher

ALL = "all"  # pages of a file
PAGE = "#page="  # what parts the name of a file from the number of its page


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a container holds or names, and what is told of it."""

    path: Path
    name: str
    told: Told = NOTHING
    original: str = ""  # SHA-256 of the image that it is a copy of, by the table of an export
    content: bytes | None = None  # of the file, where it lies in the container; else at `path`
    is_document: bool = False  # by the table of an export: all of its pages are one thing


@dataclass(frozen=True, slots=True)
class Absent:
    """An image that a container tells of without having its file: by its SHA-256, or its name."""

    name: str
    sha256: str  # empty where the container does not tell it
    told: Told
    reason: str  # why it is refused where no such image is known
    spelled: tuple[str, ...] = ()  # what its file may be called, what is said to the letter first
    row: str = ""  # what the container calls it, once an image was found by that


def paged(name: str) -> str:
    """The name of the file that an image is a page of, by its own; empty where it is none."""
    file, _, number = name.rpartition(PAGE)
    return file if number.isdecimal() else ""


Item = Source | Absent | Refused  # what a container yields


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a container is to be read."""

    labels: str | None = None  # "folders", or the column of the class; "": a table's are left out
    links: bool = False  # whether links that lead out of the container are followed
    group: str | None = None  # a column, "parent" (the folder), or a pattern for names
    keep_splits: bool = False  # whether a test set that the container has stays one
    pages: str = ALL  # of files that have several: "all", "first", "3", "3-9" or "3-"
    tags: tuple[str, ...] = ()  # of DICOM files, by keyword: their values become facts
    documents: bool = False  # whether a file of several pages is one thing to label
    fetch: Fetcher | None = None  # of what is named by address; without one nothing is fetched
    path: str | None = None  # of a table, the column of paths, where it is not clear which it is
    others: Path | None = None  # a folder of which come in, too, files that the table does not name
    window: str = ""  # of DICOM files that have several, by name or number; else the first
