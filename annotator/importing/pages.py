"""A file of pages: each becomes an image of its own, known by the file and its number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.errors import ImportingError
from annotator.imaging import stored
from annotator.imaging.reading.desk import Desk
from annotator.imaging.reading.page import Asked, Page, Unread, span
from annotator.imaging.reading.tags import named
from annotator.importing.check import Duplicate, Event, keep, lay
from annotator.importing.source import PAGE, Source, Wanted
from annotator.model import DocumentPage, NewImage, Refused, Told
from annotator.project import Workspace, place

SUFFIXES = (".png", ".tif")  # of what is made of pages


@dataclass(frozen=True, slots=True)
class Here:
    """What is in the workspace already, where new images go, and who reads files of pages."""

    workspace: Workspace
    known: Container[str]  # SHA-256 of every image
    pages: Mapping[str, Mapping[int, str]]  # SHA-256 of a file -> page -> that of its image
    asked: Asked
    desk: Desk
    document: Callable[[str], Sequence[DocumentPage]]  # SHA-256 of a document -> its pages
    documents: bool  # whether files of several pages are taken as documents

    def is_whole(self, sha256: str) -> bool:
        """Whether the picture of a page that is known lies there undamaged."""
        for suffix in SUFFIXES:
            path = self.workspace.image_path(place(sha256, suffix))
            try:
                stored.content(path)
            except stored.Damaged:
                continue
            return True
        return False


def asked(wanted: Wanted) -> Asked:
    """Which pages and tags are wanted.

    Raises:
        ImportingError: no pages are called so, or there is no such tag.
    """
    pages = span(wanted.pages)
    if pages is None:
        raise ImportingError(
            f"'{wanted.pages}' names no pages. Choose one of: all, first, 3 (one page), 3-9, "
            "3- (up to the last)."
        )
    return Asked(pages, tags=named(",".join(wanted.tags)), window=wanted.window.strip())


def read(source: Source, content: bytes, kind: str, here: Here) -> list[Event]:
    """Read each wanted page of a file and copy it; one that is here already is not read again.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    origin = hashlib.sha256(content).hexdigest()
    before = dict(here.pages.get(origin, {}))
    if origin in here.known:  # an older version took the whole file for its first page
        before[1] = origin
    held = {number: sha256 for number, sha256 in before.items() if here.is_whole(sha256)}
    events: list[Event] = []
    try:
        for page in here.desk.read(content, kind, replace(here.asked, known=frozenset(held))):
            name = f"{source.name}{PAGE}{page.number}" if page.total > 1 else source.name
            told = source.told
            if page.group and not told.group:
                told = replace(told, group=page.group)
            if page.number in held:
                events.append(Duplicate(name, held[page.number], told))
            elif page.fault:
                one = bool(page.number and page.total > 1)
                events.append(Refused(name if one else source.name, page.fault, page=one))
            else:
                events.append(_taken(page, name, told, origin, before.get(page.number), here))
    except Unread as reason:
        events.append(Refused(source.name, str(reason)))
    return events


def _taken(page: Page, name: str, told: Told, origin: str, before: str | None, here: Here) -> Event:
    sha256 = hashlib.sha256(page.content).hexdigest()
    if before and before != sha256:
        return Refused(
            name,
            f"its image {before[:12]}… is lost, and this version would pack it in other bytes: "
            "bring the file back from a backup",
        )
    lies = place(sha256, page.suffix)
    path = here.workspace.image_path(lies)
    if sha256 in here.known:
        keep(page.content, path)
        return Duplicate(name, sha256, told)
    lay(page.content, path)
    return NewImage(
        sha256,
        name,
        lies,
        page.width,
        page.height,
        page.note,
        told,
        origin=origin,
        page=page.number,
        text=page.text,
        facts=page.facts,
        windows=page.windows,
    )
