"""What a look at a source tells before it is read: its files, its tables, and what is not clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class How:
    """How a source is to be read, as far as somebody said so."""

    labels: str | None = None  # "folders", or the column of the class; "": a table's are left out
    path: str | None = None  # of a table, the column of paths
    group: str = ""  # what belongs together: a column, "parent" (the folder), a pattern for names
    pages: str = "all"  # of files that have several: "all", "first", "3", "3-9" or "3-"
    tags: tuple[str, ...] = ()  # of DICOM files, by keyword
    window: str = ""  # of DICOM files that have several: its name or number
    documents: bool = False  # whether a file of several pages is one thing to label
    others: bool = False  # whether files that a table in their folder does not name come in, too


@dataclass(frozen=True, slots=True)
class Window:
    """A window that DICOM files have beside others."""

    number: int  # in each file, from 1
    name: str  # as the files call it; mostly empty
    center: float
    width: float

    @property
    def asked(self) -> str:
        """By what it is asked for: its name, where there is one."""
        return self.name or str(self.number)


@dataclass(frozen=True, slots=True)
class TableSeen:
    """A table that is the source, or lies beside the files of a folder."""

    name: str  # of its file
    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]  # rows
    count: int  # of rows
    path: str | None  # the column of paths; None where that is not clear
    label: str | None  # the column of classes; None where there is none that is surely it
    unclear: tuple[str, ...] = ()  # what was guessed or is missing, in words
    here: int = 0  # rows that name a file of the folder, where it lies beside files
    by_name: int = 0  # likewise, rows that name none of them, but an image of the workspace
    fixed: bool = False  # whether paths can stand in one column only


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """What would come of a table, were these columns taken."""

    rows: int
    missing: int  # rows that name no file that is there, and no image of the workspace
    first_missing: str  # what the first of them names
    classes: Mapping[str, int]  # class -> rows
    unlabeled: int  # rows without a class
    by_name: int = 0  # rows that name no file, but an image of the workspace


@dataclass(frozen=True, slots=True)
class Looked:
    """What a source holds, as far as a look tells."""

    kinds: Mapping[str, int] | None  # files by suffix; None where only reading tells
    table: TableSeen | None = None  # that the source is
    beside: tuple[TableSeen, ...] = ()  # tables in a folder that may tell of its files
    folders: Mapping[str, int] = field(default_factory=dict)  # that may be classes -> files
    top: str = ""  # where these lie, below the source
    windows: tuple[Window, ...] = ()  # between which DICOM files let one choose

    @property
    def files(self) -> int:
        """How many files there are; 0 where only reading tells."""
        return sum((self.kinds or {}).values())

    @property
    def asks(self) -> bool:
        """Whether somebody should say how it is to be read, as it would be a guess otherwise."""
        unclear = self.table is not None and bool(self.table.unclear)
        beside = any(each.here for each in self.beside)
        return unclear or beside or bool(self.folders or self.windows)
