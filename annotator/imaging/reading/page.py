"""A page of a file as a picture that we have made, and what may be asked of a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_PAGES = 500  # of one file at one import
FIRST, ALL = "first", "all"
_SPAN = re.compile(r"([1-9][0-9]{0,6})(?:(-)([1-9][0-9]{0,6})?)?")


class Unread(Exception):
    """A file or a page of it cannot be read; the message is the reason, and names nobody."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which pages are wanted, from 1; without a last one up to the end."""

    first: int = 1
    last: int | None = None

    def of(self, total: int) -> range:
        """Their numbers in a file of so many pages, MOST_PAGES at most."""
        last = total if self.last is None else min(self.last, total)
        return range(self.first, min(last, self.first + MOST_PAGES - 1) + 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a reader."""

    span: Span = Span()
    known: frozenset[int] = frozenset()  # pages that are here already: named, not read again
    tags: tuple[str, ...] = ()  # DICOM keywords whose values are wanted
    window: str = ""  # of DICOM files with several: its name or its number; else the first

    def only_first(self, total: int) -> list[str]:
        """The note of a page that was asked for alone; none where there are no others."""
        return ["several pages: first page"] if total > 1 and self.span.last == 1 else []

    def left_out(self, total: int) -> str:
        """What of a file is not read though it is wanted, in words; empty if nothing."""
        pages = self.span.of(total)
        last = total if self.span.last is None else min(self.span.last, total)
        if self.span.first > total:
            return f"it has {total:,} pages, and those from {self.span.first:,} on were asked for"
        if not pages or pages[-1] == last:
            return ""
        return beyond(pages[-1] + 1, last, f"at most {MOST_PAGES} pages are read at once")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a whole picture file, or why there is none."""

    number: int  # from 1; 0 for what is said of the file
    total: int = 1  # pages of the file
    content: bytes = b""  # empty where it was known, or could not be read
    suffix: str = ""  # of the picture file
    width: int = 0  # pixels
    height: int = 0
    note: str = ""  # what a reader should know
    text: str = ""  # what is written on it, where the file says so
    group: str = ""  # what belongs together: the patient
    facts: Mapping[str, str] = field(default_factory=dict)  # values of the wanted tags
    face: int = 0  # the page that stands for the file, where it says so
    # (center, width) of each way to show it that the file says, where none was chosen; None where
    # there is nothing to choose or to guess
    windows: tuple[tuple[float, float], ...] | None = None
    fault: str = ""  # why it could not be read


Pages = Iterator[Page]


def span(text: str) -> Span | None:
    """The pages that "first", "all", "3", "3-9" or "3-" means; None if it means none."""
    if text in (FIRST, ALL):
        return Span(1, 1 if text == FIRST else None)
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    first, dash, last = found.groups()
    end = int(last) if last else None if dash else int(first)
    return Span(int(first), end) if end is None or end >= int(first) else None


def beyond(first: int, last: int, why: str) -> str:
    """That pages are left out, and how they are had."""
    pages = f"page {first:,} is" if first == last else f"pages {first:,} to {last:,} are"
    return f"{pages} left out: {why}; `--pages {first}-{last}` reads on"
