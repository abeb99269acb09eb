"""Hugging Face's imagefolder: metadata beside the images, or in a folder for each split."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.errors import ImportingError, unknown
from annotator.importing.containers import folder, ours
from annotator.importing.containers.huggingface.card import CARD, class_names, noted_names
from annotator.importing.containers.huggingface.rows import FORMS, columns, rows
from annotator.importing.containers.named import file_of, is_file, without
from annotator.importing.deciding.splits import PARTS, part_of
from annotator.importing.source import Item, Source, Wanted
from annotator.importing.tables import own
from annotator.model import Noted, Refused, Told

FILE = "file_name"
LABEL = "label"
MEANT = ("class", "category", "target", "labels", "diagnosis")  # what else a label may be called
NAMES = tuple(f"metadata{form}" for form in FORMS)
SUFFIXES = (".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


@dataclass(frozen=True, slots=True)
class Labels:
    """Where labels stand, and what their numbers mean."""

    column: str | None
    names: list[str]  # by number; empty where numbers are the names
    typed: bool  # whether numbers and text can be told apart


def metadata_of(root: Path) -> list[Path]:
    """The metadata files of a folder that is such a data set; none if it is not.

    One lies at its top, or below `data`, or in a folder for each split.

    Raises:
        ImportingError: two lie side by side.
    """
    places = [root, root / "data"]
    splits = [place / name for place in places for name in PARTS]
    found, below = ({place: _beside(place) for place in each} for each in (places, splits))
    for place, files in (found | below).items():
        if len(files) > 1:
            both = " and ".join(each.name for each in files)
            raise ImportingError(f"{place} has {both}. Leave one of them there.")
    chosen = [files[0] for files in found.values() if files][:1]
    chosen = chosen or [files[0] for files in below.values() if files]
    return [each for each in chosen if FILE in columns(each)]


def _beside(place: Path) -> list[Path]:
    return [each for name in NAMES if is_file(each := place / name)]


def sources(root: Path, metadata: list[Path], wanted: Wanted, workspace: Path) -> Iterator[Item]:
    """Yield the image of each row with its class and the split that its folder is.

    Images that no row names are counted and named at the end; they are not taken.

    Raises:
        ImportingError: no such column of labels, or the card cannot be read.
    """
    named: set[Path] = set()
    for each in metadata:
        labels = _labels(root, each, wanted)
        if labels.column is None:
            yield from _looks_meant(each)
        for number, row in enumerate(rows(each), 1):
            place = f"{each.relative_to(root)}, row {number}"
            found = _one(root, each, place, row, labels, wanted)
            if found is None:
                yield Refused(place, f"no '{FILE}' in this row")
                continue
            if isinstance(found, Source):
                named.add(found.path)
            yield found
    yield from _left(root, named, wanted, workspace)


def _labels(root: Path, metadata: Path, wanted: Wanted) -> Labels:
    known = columns(metadata)
    if wanted.labels == "":
        return Labels(None, [], metadata.suffix != ".csv")
    if wanted.labels is not None and wanted.labels not in known:
        raise ImportingError(f"{metadata}: {unknown('column', wanted.labels, known)}")
    column = wanted.labels or (LABEL if LABEL in known else None)
    names = class_names(root, column) if column else []
    if column and not names and metadata.suffix == ".parquet":
        names = noted_names(metadata, column)
    return Labels(column, names, metadata.suffix != ".csv")


def _looks_meant(metadata: Path) -> Iterator[Noted]:
    for each in columns(metadata):
        if each.casefold() in (LABEL, *MEANT):
            told = f"no column '{LABEL}', so no labels; `--labels {each}` takes those of '{each}'"
            yield Noted(metadata.name, told)


def _one(
    root: Path, metadata: Path, place: str, row: dict[str, Any], labels: Labels, wanted: Wanted
) -> Item | None:
    """The image of a row; None where it names none."""
    file = str(row.get(FILE) or "").strip()
    if not file:
        return None
    try:
        label = _label(row.get(labels.column), labels) if labels.column else None
    except ValueError as reason:
        return Refused(file, str(reason))
    found = file_of(metadata.parent, file, [file], links=wanted.links)
    path = metadata.parent / file if isinstance(found, Refused) else found
    name = Path(os.path.relpath(path, root)).as_posix()
    part = next((each for folder in Path(name).parts[:-1] if (each := part_of(folder))), "")
    group = str(row.get(wanted.group or "") or "")
    try:
        told = ours.told(row, Told(label, part=part, group=group, place=place))
    except own.UnclearError as problem:
        return Refused(file, f"{problem} ({place})")
    if isinstance(found, Refused):
        return without(found, told, ours.sha256(row))
    several = ours.is_document(row)
    return Source(found, ours.name(row, name), told, ours.original(row), is_document=several)


def _label(value: Any, labels: Labels) -> str | None:
    """The class that a cell says, by name or by number.

    Raises:
        ValueError: it may mean two classes, or none.
    """
    if value is None or value == "" or value != value:  # NaN is like no number, not even itself
        return None
    if isinstance(value, list | tuple | dict):
        raise ValueError(f"its label is {str(value)[:40]}; an image has one class here")
    whole = isinstance(value, int | float) and float(value).is_integer()
    text = str(int(value)) if whole and not isinstance(value, bool) else str(value)
    if not labels.names or (labels.typed and isinstance(value, str)):
        return text
    by_number = labels.names[int(text)] if _numbers(text, len(labels.names)) else None
    by_name = text if text in labels.names and not labels.typed else None
    if by_number is None and by_name is None:
        raise ValueError(
            f"its label {text} is none of the {len(labels.names)} classes that {CARD} names"
        )
    if by_number and by_name and by_number != by_name:
        raise ValueError(
            f"its label {text} is the name of a class and the number of another, '{by_number}'; "
            "write names, or use JSON Lines"
        )
    return by_number or by_name


def _numbers(text: str, n: int) -> bool:
    return text.isdecimal() and int(text) < n


def _left(root: Path, named: set[Path], wanted: Wanted, workspace: Path) -> Iterator[Noted]:
    """Say which images no row was about."""
    below = folder.sources(root, Wanted(links=wanted.links), workspace)
    left = [
        each.name
        for each in below
        if isinstance(each, Source)
        and each.path not in named
        and each.path.suffix.lower() in SUFFIXES
    ]
    if left:
        more = f", nor {len(left) - 1:,} more images" if len(left) > 1 else ""
        yield Noted(left[0], f"no row of the metadata names it{more}: not imported")
