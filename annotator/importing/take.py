"""Take one file: by what it holds it is an image, or a file of pages; the rest gets a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from annotator.imaging.quiet import quiet
from annotator.imaging.reading.content import HEAD, kind
from annotator.importing import documents, pages
from annotator.importing.check import Duplicate, Event, UnfitError, is_one_picture, opened, whole
from annotator.importing.containers import CONTAINERS
from annotator.importing.pages import Here
from annotator.importing.source import Source
from annotator.model import NewImage, Refused

ALONE = "a document in the export, of which this file holds one page alone"
BY_ITSELF = "not an image: name this file itself as the source to take the labels in it"
PACKED = "an archive: unpack it, then import what was in it"
# Of archives, in lower case; what is packed by itself, such as `.nii.gz`, is none
ARCHIVES = (
    *(".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz2", ".txz"),
    *(f".tar.{each}" for each in ("gz", "bz2", "xz", "zst")),
)


def take(source: Source, here: Here) -> list[Event]:
    """Read, check and copy one file; say what each of its images is, or why there is none.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    try:
        with quiet(), opened(source) as file:
            if source.original and documents.is_exported(file.read, source, here):
                return [Duplicate(source.name, source.original, source.told)]
            file.seek(0)
            found = kind(file.read(HEAD))
            file.seek(0)
            if not found or (found == "tiff" and is_one_picture(file)):
                return [_alone(source, whole(source, file, here.workspace, here.known))]
            content = file.read()
    except UnfitError as reason:
        return [Refused(source.name, _why(source.path, str(reason)))]
    except OSError as problem:  # a failing disk, a lost network folder
        return [Refused(source.name, f"cannot be read ({problem.strerror or problem})")]
    return _of_pages(source, content, found, here)


def _why(path: Path, reason: str) -> str:
    """Why a file is no image, with what to do about one that holds images or labels."""
    if path.suffix.lower() in CONTAINERS:
        return BY_ITSELF
    if path.name.lower().endswith(ARCHIVES) and reason.startswith("not an image"):
        return PACKED
    return reason


def _alone(source: Source, event: NewImage | Duplicate) -> NewImage | Duplicate:
    """What is said of a picture that was a document when it was exported."""
    if not source.is_document or isinstance(event, Duplicate):
        return event
    return replace(event, note="; ".join(filter(None, (event.note, ALONE))))


def _of_pages(source: Source, content: bytes, kind: str, here: Here) -> list[Event]:
    """A file of pages: what it is here already, else a document or an image a page, as asked."""
    if known := documents.known_as(content, here):
        return documents.again(source, content, kind, known, here)
    if here.documents or source.is_document:
        events = documents.read(source, content, kind, here)
        if events is not None:
            return events
    return pages.read(source, content, kind, here)
