"""Pictures that were made for browsers, on the disk: once, whoever looks again, and bounded."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from annotator.project import private
from annotator.project.files import laying

Given = tuple[bytes, str]  # content and its MIME type

MOST = 2 * 2**30  # bytes of all that is kept
SHARE = 4  # of what the disk has left, no more than one part in so many
SWEEP = 64 * 2**20  # bytes written between two looks at how much there is
LOOKED = 3600.0  # seconds until a look at a picture is noted again
GZIP = "application/gzip"
NAME = re.compile(r"[0-9a-f]{64}-[a-z0-9]+\.(jpg|png|gz)")

# Suffix -> MIME type, first and last bytes of a whole file
KINDS = {
    ".jpg": ("image/jpeg", b"\xff\xd8", b"\xff\xd9"),
    ".png": ("image/png", b"\x89PNG", b"IEND\xaeB`\x82"),
    ".gz": (GZIP, b"\x1f\x8b", b""),
}
SUFFIXES = {mime: suffix for suffix, (mime, _, _) in KINDS.items()}

_making = [threading.Lock() for _ in range(64)]  # two who ask at once make it once
_written = 0  # bytes since the last look


def kept(folder: Path, path: Path, variant: str, make: Callable[[], Given]) -> Given:
    """What `make` gives for the stored image at `path`, from `folder` if it was made before.

    A stored image is named by its content, so what was made of it holds for ever.
    """
    place = folder / path.stem[:2] / f"{path.stem}-{variant}"
    if found := _read(place):
        return found
    with _making[hash(place) % len(_making)]:
        if found := _read(place):
            return found
        made, mime = make()
        if hashlib.sha256(made).hexdigest() != path.stem:  # the file itself lies there already
            _write(folder, place.with_name(place.name + SUFFIXES[mime]), made)
    return made, mime


def _read(place: Path) -> Given | None:
    for suffix, (mime, _, _) in KINDS.items():
        file = place.with_name(place.name + suffix)
        with suppress(OSError):
            found = file.read_bytes()
            if is_whole(found, suffix):  # or it is made anew
                if file.stat().st_mtime < time.time() - LOOKED:
                    os.utime(file)
                return found, mime
    return None


def _write(folder: Path, file: Path, made: bytes) -> None:
    global _written
    with suppress(OSError):  # on a full disk it is shown all the same
        file.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        with laying(
            file
        ) as opened:  # not flushed: what a power cut leaves is looked at, or made anew
            opened.write(made)
    _written += len(made)  # threads may lose some of it: a look comes a little later then
    if _written > SWEEP:
        _written = 0
        bound(folder)


def is_whole(content: bytes, suffix: str) -> bool:
    """Whether a file of this suffix has its beginning and its end."""
    _, begin, end = KINDS[suffix]
    if not (content.startswith(begin) and content.endswith(end)):
        return False
    if suffix != ".gz":
        return True
    packed = zlib.decompressobj(wbits=31)
    try:
        packed.decompress(content)
    except zlib.error:
        return False
    return packed.eof


class _Lying(NamedTuple):
    looked: float  # when somebody last looked at it, within an hour
    size: int
    path: Path


def bound(folder: Path, most: int = MOST) -> int:
    """Remove what nobody has looked at for longest until all of it fits; return bytes removed.

    Args:
        folder: where pictures are kept; it may be absent.
        most: bytes; less where the disk is nearly full.
    """
    lying = sorted(_lying(folder))
    held = sum(each.size for each in lying)
    with suppress(OSError):
        most = min(most, (shutil.disk_usage(folder).free + held) // SHARE)
    removed = 0
    for each in lying:
        if held - removed <= most:
            break
        with suppress(OSError):  # another process was quicker
            each.path.unlink()
        removed += each.size
    return removed


def _lying(folder: Path) -> Iterator[_Lying]:
    for path in folder.rglob("*"):
        with suppress(OSError):
            if NAME.fullmatch(path.name):
                told = path.stat()
                yield _Lying(told.st_mtime, told.st_size, path)


def damaged(folder: Path) -> dict[Path, str]:
    """Pictures that are cut or damaged, and what is wrong with each; they are made anew."""
    found = {}
    for each in _lying(folder):
        with suppress(OSError):
            if not is_whole(each.path.read_bytes(), each.path.suffix):
                found[each.path] = "it is cut short or damaged"
    return found
