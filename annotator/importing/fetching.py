"""Fetching what a table names by address: side by side, and taken up again after a stop."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock

from annotator.errors import ImportingError
from annotator.importing import protocols
from annotator.importing.abreast import Work, abreast
from annotator.importing.protocols import RefusedError, UnreachableError
from annotator.importing.source import Item, Source
from annotator.model import Noted, Refused
from annotator.project import private
from annotator.project.files import replacing
from annotator.project.leftovers import sweep

AT_ONCE = 8  # requests
AHEAD = 32  # files that lie ready before they are asked for
MOST_FAILURES = 3  # in a row, before a host is not asked again


@dataclass(frozen=True, slots=True)
class Awaited:
    """An image that lies at an address, and what its row tells of it."""

    address: str
    source: Source  # without its path
    place: str  # in the table


class Fetcher:
    """Fetches addresses into a folder, where each is looked for before it is asked for again.

    Args:
        folder: it is made with the first file. What lies there is of an earlier time that was cut
            off, or whose hosts did not all answer.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unreached: Counter[str] = Counter()  # host -> files that could not be had from it
        self.reason = ""  # why the newest of them could not
        self._failures: Counter[str] = Counter()  # host -> in a row
        self._lock = Lock()

    def path(self, address: str) -> Path:
        """Where the file of this address lies, fetched if it does not yet.

        Raises:
            OSError: the folder cannot be written.
            RefusedError: there is no such file, it is too large, or nothing can fetch it.
            UnreachableError: its host does not answer, or did not several times before.
        """
        target = self.folder / sha256(address.encode()).hexdigest()
        if not target.exists():
            scheme, host = protocols.parts(address)
            self._fetch(address, host or scheme, target)
        return target

    def finish(self) -> None:
        """Let go of what was fetched, once all is read; where a host did not answer it stays."""
        if not self.unreached:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _fetch(self, address: str, host: str, target: Path) -> None:
        if self._failures[host] >= MOST_FAILURES:
            with self._lock:
                self.unreached[host] += 1
            raise UnreachableError(f"{host} did not answer {MOST_FAILURES} times, so not asked")
        self.folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
        try:
            with replacing(target) as file:
                for piece in protocols.pieces(address):
                    file.write(piece)
        except UnreachableError as problem:
            with self._lock:
                self._failures[host] += 1
                self.unreached[host] += 1
                self.reason = str(problem)
            raise
        with self._lock:
            self._failures[host] = 0


def awaited(rows: Iterable[Item | Awaited], fetcher: Fetcher) -> Iterator[Item]:
    """Yield the rows in their order, those with an address once they are fetched.

    Raises:
        ImportingError: no row gave a file, and hosts did not answer; or the disk fails.
    """
    sweep(fetcher.folder)
    given = 0

    def work(row: Item | Awaited) -> Item | Work[Item]:
        return Work(partial(_had, row, fetcher)) if isinstance(row, Awaited) else row

    had: Iterator[Item] = abreast(map(work, rows), threads=AT_ONCE, ahead=AHEAD)
    for item in had:
        given += isinstance(item, Source)
        yield item
    missed = fetcher.unreached.total()
    if missed and not given:
        raise ImportingError(
            f"None of {missed:,} addresses could be reached ({fetcher.reason}). Nothing was "
            "imported; see to the network, then import again."
        )
    if missed:
        hosts = ", ".join(f"{host} ({n:,})" for host, n in fetcher.unreached.most_common())
        yield Noted(
            "network",
            f"{missed:,} files could not be had: {hosts}. Import again once they answer: what was "
            "fetched is kept and not fetched anew",
        )


def _had(row: Awaited, fetcher: Fetcher) -> Source | Refused:
    try:
        return replace(row.source, path=fetcher.path(row.address))
    except (RefusedError, UnreachableError) as problem:
        return Refused(row.source.name, f"{problem} ({row.place})")
    except OSError as problem:
        raise ImportingError(
            f"Cannot write into {fetcher.folder}: {problem.strerror or problem}. Make room, then "
            "import again: what was fetched is kept."
        ) from problem
