"""Images on their way out: compared, bared, made readable, and written, a batch at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from annotator.errors import ExportError
from annotator.export.names import of_file, suffix_of
from annotator.imaging.conversion.document import as_tiff
from annotator.imaging.conversion.png import FIRST, as_png
from annotator.imaging.metadata import UnclearError
from annotator.imaging.stored import Damaged, content
from annotator.model import DocumentPage, ExportRow
from annotator.project import Workspace

BATCH = 256  # images on their way at once
FACE = f"{FIRST}, and of a series the middle one"

Bared = Callable[[bytes], bytes]
PagesOf = Callable[[int], Sequence[DocumentPage]]  # of the image of this id


@dataclass(frozen=True, slots=True)
class Copied:
    """What was written of an image."""

    path: str  # below the export
    sha256: str  # of the file
    converted: str | None = None  # from this suffix, if it was
    lost: str = ""  # what of it is not as it was, in words
    pages: int = 1  # in the file; more than one of a document


def copied(
    rows: Iterable[ExportRow],
    part: Path,
    workspace: Workspace,
    place: Callable[[ExportRow], str],
    *,
    made_of: Bared,
    suffixes: Collection[str] | None,
    pages_of: PagesOf,
) -> Iterator[tuple[ExportRow, Copied | None]]:
    """Write what is made of each image that still is what was labeled; None where it is not.

    Args:
        rows: in the order in which they come back.
        part: the folder that is being written.
        workspace: where the images are.
        place: where each goes, below `part`.
        made_of: what is made of a file's bytes.
        suffixes: of files that the readers know; others become PNG. None: they read all.
        pages_of: the pages of a document, which become one TIFF file.

    Raises:
        ExportError: metadata of one cannot be taken out.
        OSError: `part` cannot be written.
    """
    made: set[Path] = set()

    def one(row: ExportRow, where: str) -> Copied | None:
        found = _sound(workspace, row)
        if found is None:
            return None
        if suffix_of(row.image, suffixes) != of_file(row.image):
            return _converted(part / where, where, row, found)
        if row.image.pages > 1:
            return _together(part / where, where, row, workspace, pages_of)
        return _as_it_is(part / where, where, row, found, made_of)

    left = iter(rows)
    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 1)) as pool:
        while batch := list(islice(left, BATCH)):
            places = [place(row) for row in batch]
            for parent in {(part / each).parent for each in places} - made:
                parent.mkdir(parents=True, exist_ok=True)
                made.add(parent)
            yield from zip(batch, pool.map(one, batch, places), strict=True)


def _sound(workspace: Workspace, row: ExportRow) -> bytes | None:
    """The image's file; None where it is gone or damaged."""
    try:
        found = content(workspace.image_path(row.image.stored))
    except Damaged:
        return None
    known = PurePosixPath(row.image.stored).stem if row.image.pages > 1 else row.image.sha256
    return found if hashlib.sha256(found).hexdigest() == known else None


def _together(
    target: Path, place: str, row: ExportRow, workspace: Workspace, pages_of: PagesOf
) -> Copied | None:
    """All pages of a document in one file; None where one of them is gone or damaged."""
    try:
        pages = [content(workspace.image_path(each.stored)) for each in pages_of(row.image.id)]
    except Damaged:
        return None
    made = as_tiff(pages, row.image.face)  # of pictures of ours, which hold no metadata
    target.write_bytes(made)
    return Copied(place, hashlib.sha256(made).hexdigest(), pages=len(pages))


def _as_it_is(target: Path, place: str, row: ExportRow, found: bytes, made_of: Bared) -> Copied:
    try:
        made = made_of(found)
    except UnclearError as problem:
        raise ExportError(
            f"The metadata of the image '{row.image.name}' cannot be taken out: {problem}. "
            "Keep all metadata (`--keep-metadata`), or import it in another format."
        ) from problem
    target.write_bytes(made)
    same = made == found
    return Copied(place, row.image.sha256 if same else hashlib.sha256(made).hexdigest())


def _converted(target: Path, place: str, row: ExportRow, found: bytes) -> Copied:
    """Metadata does not come along, whatever was asked: a PNG file is made from the pixels."""
    try:
        made, lost = as_png(found)
    except Exception as problem:  # a decoder fed with odd bytes may raise anything
        raise ExportError(
            f"The image '{row.image.name}' cannot be made a PNG file ({problem}). Export it as "
            "csv, parquet or jsonl, which take files as they are."
        ) from problem
    target.write_bytes(made)
    own = of_file(row.image)
    if row.image.pages > 1:
        lost = ", ".join(filter(None, (lost, FACE)))
    return Copied(place, hashlib.sha256(made).hexdigest(), own, lost)
