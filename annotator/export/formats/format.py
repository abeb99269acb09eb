"""What a format is: where it puts an image, what it writes a row, and what in the end."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self, TextIO

from annotator.export.about import About
from annotator.export.line import Line
from annotator.export.names import suffix_of
from annotator.model import ExportRow

SPLITS = {"pool": "train", "val": "val", "test": "test"}  # by the names that readers know


class Format(ABC):
    """One export in the making: enter it, add its lines one by one, finish it.

    Args:
        folder: that is being written; it is there.
        about: what is known before the first row.
    """

    says: ClassVar[str]  # one line, for who chooses
    reader: ClassVar[str] = ""  # who reads it
    suffixes: ClassVar[frozenset[str] | None] = None  # of images that the reader knows; None: all
    sheet: ClassVar[bool] = False  # whether a spreadsheet opens its table

    def __init__(self, folder: Path, about: About) -> None:
        self.folder, self.about = folder, about
        self.open = ExitStack()

    def place(self, row: ExportRow) -> str:
        """Where the image goes, below the folder: by its content, as no two have the same."""
        return f"images/{self.stored(row)}"

    def stored(self, row: ExportRow) -> str:
        """A file name that its content decides, with a suffix that the reader knows."""
        return row.image.sha256 + suffix_of(row.image, self.suffixes)

    @abstractmethod
    def add(self, row: ExportRow, line: Line) -> None:
        """Write one row."""

    def finish(self) -> None:  # noqa: B027 - nothing comes after the rows of most formats
        """Write what comes after the last row."""

    def notes(self) -> list[str]:
        """Sentences that the report says besides."""
        return []

    def header(self) -> str:
        """What the card begins with, for readers that look there."""
        return ""

    def text(self, name: str) -> TextIO:
        """A new text file of the export, in UTF-8, that is closed in the end."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.open.enter_context(path.open("w", encoding="utf-8", newline=""))

    def __enter__(self) -> Self:
        self.begin()
        return self

    @abstractmethod
    def begin(self) -> None:
        """Open what rows are written to."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.open.close()


class JsonList:
    """A JSON list in a file, written item by item."""

    def __init__(self, file: TextIO, before: str = "", after: str = "") -> None:
        self.file, self.after, self._gap = file, after, "\n"
        file.write(before + "[")

    def add(self, item: object) -> None:
        """Write one more item, on a line of its own."""
        self.file.write(self._gap + json.dumps(item, ensure_ascii=False))
        self._gap = ",\n"

    def end(self) -> None:
        """Close the list."""
        self.file.write("\n]" + self.after)


def pieces(file: TextIO, size: int = 1 << 20) -> Iterator[str]:
    """The rest of a file, piece by piece."""
    while piece := file.read(size):
        yield piece
