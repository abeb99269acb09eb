"""A backup as a file: a zip of the database, what it is about, and the images if asked for."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from annotator.errors import SPOILT_ZIP
from annotator.project import private
from annotator.project.files import keep_names
from annotator.project.leftovers import temporary

MANIFEST, DATABASE = "backup.json", "certilabel.db"
VERSION = 1  # of the file; the database has a schema of its own
CHUNK = 1 << 20
STALE_SECONDS = 3600.0  # what has been in the making for so long is a killed process's
UNREADABLE = (OSError, *SPOILT_ZIP)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    version: int
    made: str  # ISO 8601, UTC
    schema: int
    sha256: str  # of the database
    folder: str  # the workspace that it was made of: there lie the images that are not in it
    images: int  # that the database knows
    included: int  # of those, how many are in the file

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        """Read what `write` has written.

        Raises:
            ValueError: it is no such thing.
        """
        try:
            said = cls(**json.loads(text)["backup"])
        except (KeyError, TypeError) as problem:
            raise ValueError("it does not say what it holds") from problem
        numbers = (said.version, said.schema, said.images, said.included)
        words = (said.made, said.sha256, said.folder)
        if not all(isinstance(n, int) for n in numbers) or not all(
            isinstance(w, str) for w in words
        ):
            raise ValueError("what it says of itself is damaged")
        return said

    def write(self) -> bytes:
        """The text that stands in the file."""
        return json.dumps({"certilabel": "backup", "backup": asdict(self)}, indent=1).encode()


def is_backup(path: Path) -> bool:
    """Whether a file is a backup of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            Manifest.read(archive.read(MANIFEST))
    except UNREADABLE:
        return False
    return True


def pour(source: IO[bytes], target: IO[bytes] | None = None) -> str:
    """Read to the end, write it on where there is a target, and return its SHA-256.

    Raises:
        OSError: it cannot be read or written.
    """
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return pour(file)
    except OSError:
        return None


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A folder of the owner's alone on the disk of `path`, gone at the end.

    What killed processes have left there goes first, at once.

    Raises:
        OSError: the folder of `path` is not there, or cannot be written.
    """
    path.parent.stat()  # one that was misspelled is not made
    with temporary(path) as made:
        made.chmod(private.FOLDER)
        yield made


def stale(path: Path) -> bool:
    """Whether nobody can be writing it any more."""
    try:
        return path.stat().st_mtime < time.time() - STALE_SECONDS
    except OSError:  # gone meanwhile
        return False


def put(path: Path, target: Path) -> None:
    """Give a finished file its name: its bytes are on the disk before, the name after."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(target)
    keep_names([target.parent])
