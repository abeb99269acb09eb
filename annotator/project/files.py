"""Whole files: a reader finds the old content or the new one, never a part, also after a crash."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from annotator.project.private import FILE


@contextmanager
def replacing(path: Path, *, mode: int = FILE) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` once the body has ended well.

    It is written beside the place, flushed to the disk and renamed; where the body fails, `path`
    is as it was. Two processes may do it at once: the last one stands.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    aside = _aside(path)
    try:
        with _created(aside, mode) as file:
            yield file
            _flush(file)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def write_once(path: Path, content: bytes, *, mode: int = FILE) -> None:
    """Write a file whole, unless there is one already.

    Raises:
        FileExistsError: another process was first; its file stands.
        OSError: the folder cannot be written, or the disk is full.
    """
    aside = _aside(path)
    try:
        with _created(aside, mode) as file:
            file.write(content)
            _flush(file)
        os.link(aside, path)  # unlike a rename, a link never replaces what is there
    finally:
        aside.unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _created(path: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
