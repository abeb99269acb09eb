"""A large JSON file entry by entry: no more of it is in memory than one entry and a chunk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from annotator.errors import ImportingError

CHUNK = 1 << 20  # characters read at once
AHEAD = 4  # characters after a number that tell whether it has ended
MOST = 1 << 26  # characters of one entry
BLANK = " \t\n\r"


def entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a list as ("", entry), those of an object by the key that they are of.

    A list below a key is yielded entry by entry, anything else below a key as it is.

    Raises:
        ImportingError: it cannot be read, is no JSON in UTF-8, or an entry of it is huge.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from _Reader(file).entries()
    except UnicodeDecodeError as problem:
        raise ImportingError(f"{path} is not UTF-8. Save it as JSON in UTF-8.") from problem
    except OSError as problem:
        raise ImportingError(f"Cannot read {path}: {problem.strerror}.") from problem
    except RecursionError as problem:
        raise ImportingError(f"{path} is nested too deeply to be a list of images.") from problem
    except ValueError as problem:
        raise ImportingError(
            f"{path} is no JSON that can be read ({problem}). It may be cut: export it again."
        ) from problem


class _Reader:
    """The text ahead, and how to take pieces off it."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.place, self.ended = file, "", 0, False
        self.before = 0  # characters that are no longer held
        self.decoder = json.JSONDecoder()

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Yield what the file holds, (key, entry)."""
        if self._next() == "[":
            yield from (("", each) for each in self._list())
        elif self._next() == "{":
            yield from self._object()
        else:
            raise ValueError("it holds neither a list nor an object")
        if self._next():
            raise ValueError(f"more text at character {self.before + self.place}")

    def _object(self) -> Iterator[tuple[str, Any]]:
        self._take("{")
        while self._next() != "}":
            key = str(self._value())
            self._take(":")
            if self._next() == "[":
                yield from ((key, each) for each in self._list())
            else:
                yield key, self._value()
            if self._next() != "}":
                self._take(",")
        self._take("}")

    def _list(self) -> Iterator[Any]:
        self._take("[")
        while self._next() != "]":
            yield self._value()
            if self._next() != "]":
                self._take(",")
        self._take("]")

    def _next(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self.place < len(self.text) and self.text[self.place] in BLANK:
                self.place += 1
            if self.place < len(self.text):
                return self.text[self.place]
            if not self._more():
                return ""

    def _take(self, wanted: str) -> None:
        if self._next() != wanted:
            raise ValueError(f"'{wanted}' is missing at character {self.before + self.place}")
        self.place += 1

    def _value(self) -> Any:
        """Decode one value; what is cut by the end of the chunk is tried again with more text."""
        self._next()
        while True:
            try:
                value, stop = self.decoder.raw_decode(self.text, self.place)
            except ValueError:
                if not self._more():
                    raise
                continue
            if len(self.text) - stop < AHEAD and self._more():  # a number may go on: 1, 1.5, 1e-9
                continue
            self.place = stop
            return value

    def _more(self) -> bool:
        """Hold more of the file, and no longer what was taken; False at its end."""
        left = len(self.text) - self.place
        if left > MOST:
            raise ValueError(f"an entry is longer than {MOST >> 20} million characters")
        read = "" if self.ended else self.file.read(max(CHUNK, left))  # a long one: seldom again
        self.ended = not read
        if read:
            self.before += self.place
            self.text, self.place = self.text[self.place :] + read, 0
        return not self.ended
