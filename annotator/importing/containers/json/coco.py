"""COCO files: images, and the one category that each is of; boxes and outlines are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.errors import ImportingError
from annotator.importing.containers import ours
from annotator.importing.containers.json.stream import entries
from annotator.importing.containers.named import file_of, without
from annotator.importing.source import Item, Source, Wanted
from annotator.importing.tables import own
from annotator.model import Noted, Refused, Told

# Where tools lay the images beside the file; COCO itself says only their names
FOLDERS = ("", "images/", "data/")
COLUMNS = (*ours.OWN, ours.FILE_SHA256, "annotator", "at", "group", "name", "pages", "propensity",
           "reason", "seconds", "suggestion_shown", "flag", "note", "why_unclear")  # fmt: skip
DRAWN = ("bbox", "segmentation", "keypoints")


@dataclass(slots=True)
class _Read:
    """What a file says, but for what is drawn."""

    images: dict[Any, str] = field(default_factory=dict)  # id -> file name
    ours: dict[Any, dict[str, Any]] = field(default_factory=dict)  # id -> what our export says
    categories: dict[Any, str] = field(default_factory=dict)  # id -> name
    of: dict[Any, set[Any]] = field(default_factory=dict)  # image id -> ids of categories
    strays: int = 0  # annotations of images that it does not list
    drawn: int = 0  # annotations with a box, an outline or points


def sources(path: Path, wanted: Wanted) -> Iterator[Item]:
    """Yield each image with the name of its category.

    An image of several different categories is refused by its name, for it has one class here; one
    without an annotation has no label.

    Raises:
        ImportingError: labels are wanted from elsewhere, or two images or categories share an id.
    """
    if wanted.labels is not None:
        raise ImportingError(
            f"{path} is a COCO file: the category of an image is its class. Leave `--labels` out."
        )
    read = _read(path)
    for number, name in read.images.items():
        said, told = read.ours.get(number, {}), _told(read, number)
        if isinstance(told, Refused):
            yield Refused(name, told.reason)
            continue
        try:
            told = ours.told(said, told)
        except own.UnclearError as problem:
            yield Refused(name, str(problem))
            continue
        place = _place(path.parent, name, wanted)
        if isinstance(place, Refused):
            yield without(place, told, ours.sha256(said))
            continue
        several = ours.is_document(said)
        name = ours.name(said, name)
        yield Source(place, name, told, ours.original(said), is_document=several)
    yield from _remarks(path, read)


def _read(path: Path) -> _Read:
    read = _Read()
    for key, entry in entries(path):
        if not isinstance(entry, dict):
            continue
        if key == "images":
            _keep(path, read.images, entry, "file_name")
            _own(read, entry.get("id"), entry)
        elif key == "categories":
            _keep(path, read.categories, entry, "name")
        elif key == "annotations":
            read.drawn += any(entry.get(each) for each in DRAWN)
            image, category = (_id(path, entry, each) for each in ("image_id", "category_id"))
            read.of.setdefault(image, set()).add(category)
            _own(read, image, entry)
    read.strays = len(read.of.keys() - read.images.keys())
    return read


def _keep(path: Path, known: dict[Any, str], entry: dict[str, Any], key: str) -> None:
    """Take an entry over by its id."""
    number, name = _id(path, entry, "id"), entry.get(key)
    if name is None:
        raise ImportingError(f"{path}: an entry has no '{key}': {str(entry)[:80]}.")
    if known.setdefault(number, str(name)) != str(name):
        raise ImportingError(
            f"{path}: '{known[number]}' and '{name}' have the same id {number}, so nobody can tell "
            "whose annotations are whose. Number them anew."
        )


def _own(read: _Read, number: Any, entry: dict[str, Any]) -> None:
    """Take over what an export of ours says beside COCO, of an image or of its annotation."""
    said = {key: value for key, value in entry.items() if key in COLUMNS}
    if said:
        read.ours.setdefault(number, {}).update(said)


def _id(path: Path, entry: dict[str, Any], key: str) -> int | str:
    number = entry.get(key)
    if not isinstance(number, int | str):
        raise ImportingError(f"{path}: an entry has no '{key}': {str(entry)[:80]}.")
    return number


def _told(read: _Read, number: Any) -> Told | Refused:
    """What is told of an image, or why it is not taken."""
    found = read.of.get(number, set())
    unknown = sorted(str(each) for each in found if each not in read.categories)
    if unknown:
        return Refused("", f"its category {', '.join(unknown)} is not in the list of categories")
    names = sorted({read.categories[each] for each in found})
    if len(names) > 1:
        listed = ", ".join(f"'{each}'" for each in names)
        return Refused("", f"of {len(names)} categories ({listed}); an image has one class here")
    return Told(names[0] if names else None)


def _place(folder: Path, name: str, wanted: Wanted) -> Path | Refused:
    places = [f"{below}{name}" for below in FOLDERS]
    return file_of(folder, name, places, links=wanted.links)


def _remarks(path: Path, read: _Read) -> Iterator[Refused]:
    if read.drawn:
        yield Noted(
            path.name,
            f"{read.drawn:,} annotations draw boxes, outlines or points: only their category was "
            "read, as the class of the whole image",
        )
    if read.strays:
        yield Noted(
            path.name, f"annotations of {read.strays:,} images that it does not list were left out"
        )
