"""From what a row calls a file to the file: composed letters, backslashes and blanks apart."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from errno import ENAMETOOLONG
from functools import cached_property
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

KEPT = 64  # folders whose entries are remembered

NO_FILE = "no such file"
OUTSIDE = "outside the folder of the table; move either of them"


class UnfoundError(Exception):
    """A row names no file that may be taken; the message is the reason."""


class SeveralError(UnfoundError):
    """A row may mean several files."""


class Files:
    """The files in the folder of a table, by the names that its rows give them."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.normpath(folder))
        self._entries: OrderedDict[Path, Entries] = OrderedDict()

    def path(self, name: str) -> Path:
        """The file that a row names, relative to the table's folder.

        Letters may be composed in one way there and in another here. Case counts.

        Raises:
            SeveralError: two read as it does.
            UnfoundError: it lies elsewhere, or there is none.
        """
        outside = None
        for text in spellings(name):
            path = Path(os.path.normpath(self.folder / text))
            if not path.is_relative_to(self.folder):
                outside = outside or OUTSIDE
            elif _there(path):
                return path
            elif found := self._alike(path):
                return found
        raise UnfoundError(outside or self._nearest(name))

    def _alike(self, path: Path) -> Path | None:
        """The one path that reads the same, however its letters are composed.

        Raises:
            SeveralError: two files read the same, and neither is spelled as asked for.
        """
        found = self.folder
        for part in path.relative_to(self.folder).parts:
            names = self._entries_of(found).read.get(normalize("NFC", part), [])
            if part in names:
                found /= part
            elif len(names) > 1:
                raise SeveralError(
                    f"{len(names)} files have this name, their letters composed differently; "
                    "rename all but one"
                )
            elif names:
                found /= names[0]
            else:
                return None
        return found

    def _nearest(self, name: str) -> str:
        """That there is no such file, and which one was perhaps meant."""
        path = Path(os.path.normpath(self.folder / name.strip().replace("\\", "/")))
        entries, wanted = self._entries_of(path.parent), normalize("NFC", path.name)
        if cased := entries.cased.get(wanted.casefold()):
            return f"{NO_FILE}; {_listed(cased)} differs in the case of letters alone"
        if stems := entries.stems.get(wanted):
            return f"{NO_FILE}; {_listed(stems)} has a suffix besides"
        return NO_FILE

    def _entries_of(self, folder: Path) -> Entries:
        """What is in a folder; nothing if it cannot be looked into."""
        if folder in self._entries:
            self._entries.move_to_end(folder)
            return self._entries[folder]
        try:
            names = [each.name for each in folder.iterdir()]
        except (OSError, ValueError):
            names = []
        self._entries[folder] = Entries(names)
        if len(self._entries) > KEPT:
            self._entries.popitem(last=False)
        return self._entries[folder]


class Entries:
    """The names in a folder, by each way in which a row may mean one; made once it is asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    @cached_property
    def read(self) -> dict[str, list[str]]:
        """By how they read, however their letters are composed."""
        return self._by(lambda name: name)

    @cached_property
    def cased(self) -> dict[str, list[str]]:
        """Likewise, without the case of letters."""
        return self._by(str.casefold)

    @cached_property
    def stems(self) -> dict[str, list[str]]:
        """Likewise, without their suffixes."""
        return self._by(lambda name: Path(name).stem)

    def _by(self, key: Callable[[str], str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._names:
            found.setdefault(key(normalize("NFC", name)), []).append(name)
        return found


def inside(folder: Path, name: str) -> Path | None:
    """The path below `folder` that a name leads to, there or not; None if it leads out."""
    top = Path(os.path.normpath(folder))
    paths = [Path(os.path.normpath(top / text)) for text in spellings(name)]
    below = [path for path in paths if path.is_relative_to(top)]
    return next((path for path in below if _there(path)), below[0] if below else None)


def spellings(name: str) -> tuple[str, ...]:
    """What a row may mean, what it says to the letter first."""
    if name.lower().startswith("file://"):
        name = unquote(urlsplit(name).path)
    bare = name.strip()
    return tuple(dict.fromkeys((name, bare, bare.replace("\\", "/"))))  # the last: of Windows


def _there(path: Path) -> bool:
    """Whether anything is there, also what must not be read: who reads it says why."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as problem:
        return problem.errno != ENAMETOOLONG
    return True


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"'{name}'" for name in sorted(names)[:2])
