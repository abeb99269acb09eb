"""Closed to all but the owner: folders 0700 and files 0600, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

FOLDER = 0o700
FILE = 0o600
OTHERS = 0o077  # every right of group and others


def make(path: Path) -> None:
    """Make a file that only its owner may read, unless there is one.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, FILE))


def appending(path: Path) -> BinaryIO:
    """Open a file to add to its end; a new one is its owner's alone.

    Raises:
        OSError: the folder cannot be written.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE), "ab")


@contextmanager
def everything() -> Iterator[None]:
    """Until the end, all that this process makes is its owner's alone, whoever makes it."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close(root: Path, folders: Iterable[Path]) -> None:
    """Take away what rights others have on a folder, its files, and all below some of its folders.

    What belongs to another user is left alone, and so is what a link leads to. A folder below that
    is closed already has been gone through: only the first call after an upgrade takes long.
    """
    with suppress(OSError):
        for entry in os.scandir(root):
            if not entry.is_dir(follow_symlinks=False):
                _close(Path(entry.path))
        for folder in folders:
            if _open_to_others(folder.lstat()):
                close_tree(folder)
        _close(root.resolve())


def close_tree(folder: Path) -> None:
    """Take away what rights others have on a folder and on all below it, itself last."""
    for path, _, files in os.walk(folder, topdown=False):
        for name in files:
            _close(Path(path, name))
        _close(Path(path))


def _close(path: Path) -> None:
    with suppress(OSError):  # gone meanwhile, or a file system without rights
        status = path.lstat()
        if _open_to_others(status):
            path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)


def _open_to_others(status: os.stat_result) -> bool:
    ours = status.st_uid == os.geteuid() and not stat.S_ISLNK(status.st_mode)
    return ours and bool(status.st_mode & OTHERS)
