"""A folder as one ZIP file, piece by piece: it is never whole, in memory or on the disk."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from typing_extensions import Buffer, override

PIECE = 2**18  # bytes that are read of a file at once
FAST = 1  # of deflate's levels: most of an export are images, which hardly get smaller


class _Passed(io.RawIOBase):
    """What is written to it is there to be taken away; it cannot go back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, content: Buffer, /) -> int:
        self._waiting.append(taken := bytes(content))
        return len(taken)

    def take(self) -> bytes:
        """All that was written since the last time."""
        found, self._waiting = b"".join(self._waiting), []
        return found


def pieces(folder: Path) -> Iterator[bytes]:
    """The ZIP file of a folder, with the folder's own name before each path.

    Links are left out, as they may lead elsewhere. What it holds in memory is a piece of one file,
    and some 500 bytes for each file that it has passed.

    Raises:
        OSError: a file cannot be read.
    """
    out = _Passed()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=FAST) as target:
        for path in _files(folder):
            name = Path(folder.name, path.relative_to(folder))
            info = ZipInfo.from_file(path, name, strict_timestamps=False)
            info.compress_type = ZIP_DEFLATED
            with path.open("rb") as source, target.open(info, "w") as entry:
                while content := source.read(PIECE):
                    entry.write(content)
                    yield out.take()
            yield out.take()
    yield out.take()


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, in the order of their names."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path
