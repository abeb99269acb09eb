"""What one import found, did and left out, and what it was allowed to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model.images import Refused


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person has agreed to, of what an import does only where it is told to."""

    add_classes: bool = False  # that labels of the source may be new to the workspace
    update_labels: bool = False  # that they take the place of other labels, an expert's too
    keep_splits: bool = False  # that images stay in the set in which the source has them


@dataclass(frozen=True, slots=True)
class Differing:
    """An image that has an answer, of which the source tells another."""

    name: str  # of the image
    stored: str  # class; empty where somebody could not tell
    told: str  # class
    annotator: str  # who gave the stored one
    settled: bool = False  # by a reviewer, which outranks whatever an import brings

    @property
    def here(self) -> str:
        """What is said of it here, and by whom: `'cat' here by anna`."""
        if not self.stored:
            return f"what {self.annotator} could not tell here"
        return f"'{self.stored}' here {'settled ' * self.settled}by {self.annotator}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One image under several labels in one source: none of them was taken."""

    names: tuple[str, ...]  # of the files with these very bytes
    labels: tuple[str, ...]  # classes, sorted


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did.

    `added + duplicates + len(refused)` are the files and rows seen; of files of several pages that
    are no documents, the pages.
    """

    added: int
    duplicates: int  # same bytes as an image that is already there
    refused: tuple[Refused, ...]
    documents: int = 0  # of what was added: files of several pages, each one thing to label
    pages: int = 0  # that these have
    single: int = 0  # of what was added: single pages of files that have several
    paged: int = 0  # how many such files these are of
    repeated: int = 0  # of the duplicates: copies of images that are new
    copies: tuple[tuple[str, str], ...] = ()  # likewise: files, and images of other names, or new
    counted: int = 0  # pages seen of files that have several, each counted by itself
    counted_of: int = 0  # how many such files these are of
    by_name: tuple[tuple[str, str], ...] = ()  # likewise: rows without a file, and their images
    windowed: int = 0  # new images with several windows, of which nobody has chosen
    windowless: int = 0  # new images with values that are deep, and no window
    windows: tuple[tuple[float, float], ...] = ()  # (center, width) of one that has most of them
    notes: tuple[Refused, ...] = ()  # imported, with something to know
    labeled: int = 0  # labels that came with the source, to images that had none
    personal: tuple[Refused, ...] = ()  # imported, with metadata that may name a person
    updated: int = 0  # labels that took the place of another, by `Agreed.update_labels`
    replaced: tuple[Differing, ...] = ()  # these, each with the answer that was here
    known: int = 0  # labels that the images had already
    classes: Mapping[str, int] = field(default_factory=dict)  # added -> images labeled with it
    unknown: Mapping[str, int] = field(default_factory=dict)  # no class here -> labels left out
    removed: Mapping[str, int] = field(default_factory=dict)  # a removed class -> likewise
    alike: tuple[tuple[str, str], ...] = ()  # one of these, and a class that reads like it
    slips: tuple[tuple[str, str], ...] = ()  # likewise, and one that differs in a letter alone
    merged: Mapping[str, str] = field(default_factory=dict)  # a told class -> what it counts as
    renamed: Mapping[str, str] = field(default_factory=dict)  # likewise -> its name since
    unfit: tuple[Refused, ...] = ()  # labels that cannot be class names, by image
    differing: tuple[Differing, ...] = ()  # from answers that are here, which stay
    conflicts: tuple[Conflict, ...] = ()
    machine: int = 0  # labels of models, which never become labels
    parts: Mapping[str, int] = field(default_factory=dict)  # of a divided source -> its images
    keeps: bool = False  # whether that division was to be kept
    kept: int = 0  # new images that stay in the test set in which the source has them
    stayed: int = 0  # images that were here already, in another split than the source has them
    test: int = 0  # new images that measure
    val: int = 0  # new images that validate
    kept_val: int = 0  # of these, those that the source has in its validation set
    validates: bool = False  # whether images are kept for validation: the setting says so
    validating: int = 0  # validation images of the workspace, once all is written
    grouped: str = ""  # by what images belong together, in words; empty if by nothing
    groups: int = 0  # what they belong to, such as patients
    alone: int = 0  # new images that belong to none, where the others do
    elsewhere: int = 0  # images that are in another group here
    both: int = 0  # groups of the workspace with images in several splits
    odd: bool = False  # whether groups here were called with several secrets
    unclear: int = 0  # images that come in as ones that nobody can tell
    outweighed: int = 0  # such images that have a label here, which stays
    marked: int = 0  # images that get a flag or a note
    audited: int = 0  # answers left out, as the open audit asks about their images
    written: bool = True  # else it was only looked at: this is what an import would do

    @property
    def nothing(self) -> bool:
        """Whether every file was refused."""
        return bool(self.refused) and not (self.added or self.duplicates)

    @property
    def rows(self) -> int:
        """How many of the refused are rows of a table, or the like, and no files."""
        return sum(each.row for each in self.refused)

    @property
    def pages_refused(self) -> int:
        """How many of the refused are pages of files that have several."""
        return sum(each.page for each in self.refused)

    @property
    def asks(self) -> bool:
        """Whether there is something that a person may agree to."""
        return bool(self.unknown or self.replaceable or (self.keepable and not self.keeps))

    @property
    def keepable(self) -> int:
        """How many images of the source are in sets that `Agreed.keep_splits` would keep."""
        return self.parts.get("test", 0) + (self.parts.get("val", 0) if self.validates else 0)

    @property
    def replaceable(self) -> int:
        """How many answers that are here `Agreed.update_labels` would replace."""
        return sum(not each.settled for each in self.differing)
