"""What a source holds: every file read and checked, and nothing of it in the database yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.importing.check import Duplicate, Event
from annotator.importing.source import paged
from annotator.model import NOTHING, NewImage, Noted, Refused, Told

Telling = tuple[str, Told]  # the name of a file, and what is told of it
Copy = tuple[str, str]  # the name of a file, and the SHA-256 of the image that it is


@dataclass(slots=True)
class Found:
    """What was found in a source, file by file; of a file of several pages, page by page."""

    files: int = 0  # and rows, and pages
    pages: int = 0  # of these: pages of files that have several
    paged: set[str] = field(default_factory=set)  # the names of those files
    images: dict[str, NewImage] = field(default_factory=dict)  # SHA-256 -> what is new
    duplicates: int = 0
    repeated: int = 0  # of these: copies of what is new
    copies: list[Copy] = field(default_factory=list)  # all duplicates that are files, or pages
    by_name: list[tuple[str, str]] = field(default_factory=list)  # row -> image that is here
    refused: list[Refused] = field(default_factory=list)
    notes: list[Refused] = field(default_factory=list)
    personal: list[Refused] = field(default_factory=list)
    told: dict[str, list[Telling]] = field(default_factory=dict)  # SHA-256 -> by each of its files
    classes: dict[str, int] = field(default_factory=dict)  # name -> id of the class it meant first
    grouped: str = ""  # by what images were found to belong together, in words
    kept: float = 0.0  # unix seconds: copies of before are on the disk, with their names

    def add(self, event: Event) -> None:
        """Count one file, or remember what a container says besides."""
        if isinstance(event, Noted):
            self.notes.append(event)
            return
        self.files += 1
        if file := paged(event.name):
            self.pages += 1
            self.paged.add(file)
        if isinstance(event, Refused):
            self.refused.append(event)
            return
        if event.told != NOTHING:
            self.told.setdefault(event.sha256, []).append((event.name, event.told))
        if isinstance(event, Duplicate):
            self._again(event)
            return
        self.images[event.sha256] = event
        if event.note:
            self.notes.append(Refused(event.name, event.note))
        if event.personal:
            self.personal.append(Refused(event.name, event.personal))

    def _again(self, event: Duplicate) -> None:
        self.duplicates += 1
        self.repeated += event.sha256 in self.images
        if event.row:
            self.by_name.append((event.row, event.name))
        else:
            self.copies.append((event.name, event.sha256))
