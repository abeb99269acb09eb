"""Whole files: a reader finds the old content or the new one, never a part, also after a crash."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from annotator.project.leftovers import aside
from annotator.project.private import FILE

FLUSHERS = 4
AT_ONCE = 1_000  # files that wait for them
TOGETHER = 32  # files that one of them has open


@contextmanager
def replacing(path: Path, *, mode: int = FILE) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` once the body has ended well.

    It is written beside the place, flushed to the disk and renamed; where the body fails, `path`
    is as it was. Two processes may do it at once: the last one stands. The new name outlives a
    power cut once `keep_names` has seen its folder.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    with laying(path, mode=mode) as file:
        yield file
        _flush(file)


@contextmanager
def laying(path: Path, *, mode: int = FILE) -> Iterator[BinaryIO]:
    """As `replacing`, but what is written outlives a power cut only once `keep_files` has seen it.

    For many files: the disk flushes them much faster together than one by one.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    part = aside(path)
    try:
        with _created(part, mode) as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_once(path: Path, content: bytes, *, mode: int = FILE) -> None:
    """Write a file whole, unless there is one already.

    Raises:
        FileExistsError: another process was first; its file stands.
        OSError: the folder cannot be written, or the disk is full.
    """
    part = aside(path)
    try:
        with _created(part, mode) as file:
            file.write(content)
            _flush(file)
        os.link(part, path)  # unlike a rename, a link never replaces what is there
    finally:
        part.unlink(missing_ok=True)


def keep_names(folders: Iterable[Path]) -> None:
    """Flush folders to the disk: what was made or renamed in them is there after a power cut.

    Raises:
        OSError: one is gone, or the disk fails.
    """
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_all(folder: Path) -> None:
    """Flush every file and folder below `folder`, and itself, to the disk.

    Raises:
        OSError: one cannot be read, or the disk fails.
    """
    folders = []
    for root, _, names in os.walk(folder):
        folders.append(Path(root))
        keep_files(Path(root, name) for name in names)
    keep_names(reversed(folders))


def keep_files(paths: Iterable[Path]) -> None:
    """Flush the contents of many files to the disk.

    Raises:
        OSError: one is gone, or the disk fails.
    """
    rest = iter(paths)
    with ThreadPoolExecutor(FLUSHERS) as pool:  # the disk flushes many in one go
        while some := list(islice(rest, AT_ONCE)):  # a million would wait in memory
            for _ in pool.map(keep_together, batched(some, TOGETHER)):
                pass


def keep_together(paths: Sequence[Path]) -> None:
    """Flush the contents of a few files, no more than may be open at once.

    The disk is told of all before any is waited for: then the first wait is nearly the only one.

    Raises:
        OSError: one is gone, or the disk fails.
    """
    with ExitStack() as opened:
        handles = []
        for path in paths:
            handles.append(os.open(path, os.O_RDONLY))
            opened.callback(os.close, handles[-1])
        for handle in handles:
            _begin(handle)
        for handle in handles:
            os.fsync(handle)


def _begin(handle: int) -> None:
    """Let the system start to write a file out; where it has no word for that, `fsync` does all."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            # What waits to be written is begun, and stays in memory until it is
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def batched(items: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    """One after the other, so many items at a time; the last may be fewer."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _created(path: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
