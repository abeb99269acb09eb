"""The image files of a certified export: each is the exported one, and lies where its label is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from annotator.export.names import choices
from annotator.export.proof.exported import UNCLEAR
from annotator.export.proof.record import Exported, NotChecked

# The folders that rows of a split may lie in, where folders say what an image is
SPLITS = {"pool": ("train", "val", "apart"), "val": ("val",), "test": ("test",)}
BY_CLASS = 3  # parts of a path: split, class, file


def images(export: Exported) -> Iterator[str]:
    """Every file is, byte by byte, the one that was exported, and none lies beside them.

    Raises:
        NotChecked: the export has no image files.
    """
    root = export.folder.resolve()
    if not any(line["file_sha256"] for line in export.lines):
        raise NotChecked("The export has no image files, so no bytes were compared")
    named = set[str]()
    for line in export.lines:
        path = line["path"]
        place = (root / path).resolve() if "\0" not in path else root
        if path in named:
            yield f"the file '{path}' stands for two images"
        elif not place.is_relative_to(root):
            yield f"'{path}' leads out of the export"
        elif not place.is_file():
            yield f"the file '{path}' is missing"
        elif hashlib.sha256(place.read_bytes()).hexdigest() != line["file_sha256"]:
            yield f"the file '{path}' has changed"
        elif told := _misplaced(line):
            yield f"the file '{path}' {told}"
        named.add(path)
    yield from _strays(export, named)


def _misplaced(line: Mapping[str, str]) -> str:
    """What is wrong with the folder of a file, where readers go by folders; else nothing."""
    *folders, _ = PurePosixPath(line["path"]).parts
    if folders == [UNCLEAR] and line["source"] != UNCLEAR:
        return "lies among those that nobody can tell"
    if len(folders) != BY_CLASS - 1:
        return ""
    split, name = folders
    if split not in SPLITS.get(line["split"], ()):
        return f"lies in '{split}', but is of the split '{line['split']}'"
    if name not in choices(line["label"]):
        return f"lies in the folder '{name}', but is labeled '{line['label']}'"
    return ""


def _strays(export: Exported, named: set[str]) -> Iterator[str]:
    """Image files of the same folders that no row names."""
    places = {PurePosixPath(each) for each in named}
    endings = {each.suffix.lower() for each in places}
    folders = {export.folder / each.parts[0] for each in places if len(each.parts) > 1}
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            told = path.relative_to(export.folder).as_posix()
            if told not in named and path.suffix.lower() in endings and path.is_file():
                yield f"the file '{told}' is of no row"


def rewritten(export: Exported) -> tuple[int, str]:
    """How many files are not what was imported, and so show what nobody can check."""
    lines = [line for line in export.lines if line["file_sha256"]]
    number = sum(line["file_sha256"] != line["sha256"] for line in lines)
    if not number:
        return 0, ""
    return number, (
        f"{number:,} of {len(lines):,} files were written anew, as without metadata, so that they "
        "show the image of their row was not checked."
    )
