"""Copies outlive a power cut: they are flushed to the disk while the next files are read."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.found import Found
from annotator.importing.looking.watch import Watch
from annotator.model import NewImage
from annotator.project import Workspace
from annotator.project.files import TOGETHER, keep_files, keep_names, keep_together

BEHIND = 16  # parcels of files that wait for the disk before a reader waits for it too
CLOCK = 2.0  # seconds by which the time of a file may be coarser than ours


class Keeper:
    """Flushes files a parcel at a time, in a thread beside the one that tells of them."""

    def __init__(self, workspace: Workspace, watch: Watch) -> None:
        self._workspace, self._watch = workspace, watch
        self._parcel: list[Path] = []
        self._folders: set[Path] = set()
        self._waiting: deque[Future[None]] = deque()
        self._pool = ThreadPoolExecutor(1)

    def add(self, image: NewImage) -> None:
        """See to it that the copies of an image are flushed, soon.

        Raises:
            ImportingError: an earlier one cannot be.
        """
        places = _places(image)
        self._watch.copied(len(places))
        for stored in places:
            self._parcel.append(self._workspace.image_path(stored))
            if len(self._parcel) == TOGETHER:
                self._send()
                if len(self._waiting) > BEHIND:
                    self._wait()

    def finish(self) -> None:
        """Wait until all copies and their names are on the disk.

        Raises:
            ImportingError: the disk fails, or a copy is gone.
        """
        self._send()
        while self._waiting:
            self._wait()
        with _in_words(self._workspace):
            keep_names(_with_root(self._folders, self._workspace))

    def close(self) -> None:
        """Leave what has not begun undone."""
        self._pool.shutdown(cancel_futures=True)

    def _send(self) -> None:
        self._folders.update(path.parent for path in self._parcel)
        self._waiting.append(self._pool.submit(self._flush, self._parcel))
        self._parcel = []

    def _flush(self, parcel: Sequence[Path]) -> None:
        began = time.monotonic()
        keep_together(parcel)
        self._watch.flushed(len(parcel), time.monotonic() - began)

    def _wait(self) -> None:
        with _in_words(self._workspace):
            self._waiting.popleft().result()


def _places(image: NewImage) -> list[str]:
    """Where the copy of an image lies, and those of its pages, if it is a document."""
    return [*dict.fromkeys((image.stored, *(page.stored for page in image.pages)))]


@contextmanager
def keeping(workspace: Workspace, found: Found, watch: Watch) -> Iterator[Keeper]:
    """Flush what the body tells of; at its end all of it is on the disk. `watch` is told of both.

    Raises:
        ImportingError: the disk fails, or a copy is gone.
    """
    keeper = Keeper(workspace, watch)
    try:
        yield keeper
        keeper.finish()
    finally:
        keeper.close()
    found.kept = time.time()


def keep_rest(workspace: Workspace, found: Found) -> None:
    """See to it that every copy is there and on the disk, also one that was made since.

    Raises:
        ImportingError: the disk fails, or copies are gone.
    """
    since, gone, late = found.kept - CLOCK, 0, list[Path]()
    for stored in chain.from_iterable(map(_places, found.images.values())):
        path = workspace.image_path(stored)
        try:
            if path.stat().st_ctime > since:
                late.append(path)
        except FileNotFoundError:
            gone += 1
    if gone:
        raise ImportingError(
            f"{gone:,} copies in {workspace.images} are gone since the source was read. "
            "Nothing was imported; import again."
        )
    with _in_words(workspace):
        keep_files(late)
        keep_names(_with_root({path.parent for path in late}, workspace))


def _with_root(folders: Set[Path], workspace: Workspace) -> list[Path]:
    return [*sorted(folders), workspace.images] if folders else []


@contextmanager
def _in_words(workspace: Workspace) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise ImportingError(
            f"Cannot flush the copies in {workspace.images} to the disk: {problem.strerror}. "
            "Nothing was imported; look after the disk, then import again."
        ) from problem
