"""A file of pages as one document: all of its pages, asked and labeled as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace

from annotator.errors import ImportingError
from annotator.imaging import stored
from annotator.imaging.conversion.document import is_made_of
from annotator.imaging.reading.page import MOST_PAGES, Page, Span, Unread
from annotator.importing.check import Duplicate, Event, keep, lay
from annotator.importing.pages import Here
from annotator.importing.source import ALL, Source, Wanted
from annotator.model import DocumentPage, NewImage, Noted, Refused, Told
from annotator.project import place

WHOLE = 0  # the number by which a file is known that is a document here
MOST_BYTES = 2**30  # of the pictures of all pages: an export packs them into one file
WAY_OUT = "a document is taken whole or not at all; without `--documents` each page is an image"
APART = (
    "its pages are images of this workspace already, and stay so: what is learned from one would "
    "be measured with the other. Import it as a document into another workspace"
)
STAYS = "is here as one document, and stays one"


def check(wanted: Wanted) -> None:
    """See to it that nobody asks for documents and for some pages of them.

    Raises:
        ImportingError: somebody does.
    """
    if wanted.documents and wanted.pages != ALL:
        raise ImportingError(
            f"`--documents` takes all pages of a file, and `--pages {wanted.pages}` some: leave "
            "one of them out."
        )


def sha256_of(pages: Iterable[str]) -> str:
    """By what a document is known: the SHA-256 of those of its pages, in hexadecimal, a line each.

    So two files that show the same pages are one document, whatever else they say.
    """
    return hashlib.sha256("\n".join(pages).encode()).hexdigest()


def face_of(total: int, kind: str) -> int:
    """The page that models and cards show: the first; of a series of frames, the middle one."""
    return (total + 1) // 2 if kind == "dicom" else 1


def known_as(content: bytes, here: Here) -> str:
    """The hash of the document that a file is known as; empty if it is known as none."""
    return here.pages.get(hashlib.sha256(content).hexdigest(), {}).get(WHOLE, "")


def is_exported(read: Callable[[], bytes], source: Source, here: Here) -> bool:
    """Whether a file is what an export makes of a document that is here, by what its table says."""
    if source.original not in here.known:
        return False
    pages = here.document(source.original)
    if not pages:
        return False
    try:
        return is_made_of(read(), [_content(page, here) for page in pages])
    except stored.Damaged:
        return False


def read(source: Source, content: bytes, kind: str, here: Here) -> list[Event] | None:
    """Read all pages of a file and copy them; None if it has but one, which is an image.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    origin = hashlib.sha256(content).hexdigest()
    before = set(here.pages.get(origin, {})) | ({1} if origin in here.known else set())
    made = _Made()
    asked = replace(here.asked, span=Span(), known=frozenset(before))
    try:
        with closing(here.desk.read(content, kind, asked)) as pages:
            for page in pages:
                if page.total == 1:
                    return None
                if fault := _fault(page, before, made.size):
                    return [Refused(source.name, fault)]
                made.add(page, here)
    except Unread as reason:
        return [Refused(source.name, str(reason))]
    if all(page.sha256 in here.known for page in made.pages):
        return [Refused(source.name, APART)]
    told = _grouped(source.told, made.group)
    sha256 = sha256_of(page.sha256 for page in made.pages)
    if sha256 in here.known:
        return [Duplicate(source.name, sha256, told)]
    face = made.pages[(made.face or face_of(len(made.pages), kind)) - 1]
    return [
        NewImage(
            sha256,
            source.name,
            face.stored,
            face.width,
            face.height,
            "; ".join(made.notes),
            told,
            origin=origin,
            facts=made.facts,
            pages=tuple(made.pages),
            face=face.number,
            windows=made.windows,
        )
    ]


def again(source: Source, content: bytes, kind: str, sha256: str, here: Here) -> list[Event]:
    """A file that is here as a document: pictures of pages that are lost come back.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    pages = {page.number: page for page in here.document(sha256)}
    held = frozenset(number for number, page in pages.items() if _is_whole(page, here))
    told = source.told
    asked = replace(here.asked, span=Span(), known=held)
    try:
        for page in here.desk.read(content, kind, asked):
            told = _grouped(told, page.group)
            if page.number in held or page.number not in pages:
                continue
            lost = pages[page.number]
            if page.fault or hashlib.sha256(page.content).hexdigest() != lost.sha256:
                why = page.fault or "this version would pack it in other bytes"
                return [
                    Refused(
                        source.name,
                        f"the picture of page {page.number} is lost, and {why}: bring the file "
                        f"{lost.stored} back from a backup",
                    )
                ]
            keep(page.content, here.workspace.image_path(lost.stored))
    except Unread as reason:
        return [Refused(source.name, str(reason))]
    events: list[Event] = [Duplicate(source.name, sha256, told)]
    return events if here.documents else [*events, Noted(source.name, STAYS)]


@dataclass(slots=True)
class _Made:
    """What was read of a document so far."""

    pages: list[DocumentPage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0  # bytes
    group: str = ""
    face: int = 0  # as the file says
    facts: dict[str, str] = field(default_factory=dict)
    windows: tuple[tuple[float, float], ...] | None = None  # of its first page

    def add(self, page: Page, here: Here) -> None:
        """Copy a page into the workspace."""
        sha256 = hashlib.sha256(page.content).hexdigest()
        lies = place(sha256, page.suffix)
        lay(page.content, here.workspace.image_path(lies))
        size = len(page.content)
        self.pages.append(
            DocumentPage(page.number, sha256, lies, size, page.width, page.height, page.text)
        )
        self.size += size
        if page.note and page.note not in self.notes:
            self.notes.append(page.note)
        self.group = self.group or page.group
        self.face = self.face or page.face
        self.facts = self.facts or dict(page.facts)
        self.windows = self.windows or page.windows


def _fault(page: Page, before: set[int], size: int) -> str:
    """Why a file cannot be a document, seen at one of its pages; empty if nothing says so."""
    if before:
        return APART
    if page.total > MOST_PAGES:
        return f"it has {page.total:,} pages, more than {MOST_PAGES}: {WAY_OUT}"
    if page.fault:
        return f"page {page.number}: {page.fault}; {WAY_OUT}"
    if size + len(page.content) > MOST_BYTES:
        most = f"{MOST_BYTES >> 20:,} MiB"
        return f"the pictures of its {page.total:,} pages take more than {most}: {WAY_OUT}"
    return ""


def _grouped(told: Told, group: str) -> Told:
    return replace(told, group=group) if group and not told.group else told


def _content(page: DocumentPage, here: Here) -> bytes:
    return stored.content(here.workspace.image_path(page.stored))


def _is_whole(page: DocumentPage, here: Here) -> bool:
    try:
        _content(page, here)
    except stored.Damaged:
        return False
    return True
