"""What a source holds: every file read and checked, and nothing of it in the database yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.importing.check import Duplicate, Event
from annotator.model import NOTHING, NewImage, Noted, Refused, Told

Telling = tuple[str, Told]  # the name of a file, and what is told of it


@dataclass(slots=True)
class Found:
    """What was found in a source, file by file; `files` is how many there were."""

    files: int = 0
    images: dict[str, NewImage] = field(default_factory=dict)  # SHA-256 -> what is new
    duplicates: int = 0
    repeated: int = 0  # of these: copies of what is new
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
        if isinstance(event, Refused):
            self.refused.append(event)
            return
        if event.told != NOTHING:
            self.told.setdefault(event.sha256, []).append((event.name, event.told))
        if isinstance(event, Duplicate):
            self.duplicates += 1
            self.by_name += [(event.row, event.name)] if event.row else []
            self.repeated += event.sha256 in self.images
            return
        self.images[event.sha256] = event
        if event.note:
            self.notes.append(Refused(event.name, event.note))
        if event.personal:
            self.personal.append(Refused(event.name, event.personal))
