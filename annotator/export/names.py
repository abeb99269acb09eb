"""File names that are safe on every system and still say what the user called things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from unicodedata import normalize

from annotator.model import Image

LONGEST = 120  # bytes of UTF-8: file systems end at 255, archives and Windows paths sooner
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows

# What readers of image folders go by.
IMAGE_SUFFIXES = (".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp")


def safe(name: str) -> str:
    """A name for one file or folder that cannot lead anywhere else, hide, or be forbidden."""
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]', "_", name)
    name = name.encode()[:LONGEST].decode(errors="ignore").strip().rstrip(".")
    if name.startswith(".") or RESERVED.match(name):
        name = f"_{name}"
    return name or "_"


def class_folders(labels: Iterable[str]) -> dict[str, str]:
    """Give each class a folder of its own, also where two classes would share a safe name."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for label in sorted(set(labels)):
        folders[label] = _free(
            safe(label), sha256(label.encode(errors="surrogatepass")).hexdigest(), taken
        )
    return folders


def file_name(image: Image, taken: set[str]) -> str:
    """The image's own base name, made safe; with a piece of its hash where `taken` has it.

    Adds the name to `taken`, in the form in which some file systems hold two names for one.
    """
    stored = PurePosixPath(image.stored)
    name = safe(PurePosixPath(image.name).name)
    if PurePosixPath(name).suffix.lower() not in IMAGE_SUFFIXES:
        name += stored.suffix  # readers of image folders go by the suffix
    return _free(name, image.sha256, taken)


def _free(name: str, digest: str, taken: set[str]) -> str:
    path = PurePosixPath(name)
    for candidate in (name, f"{path.stem}-{digest[:8]}{path.suffix}", f"{digest}{path.suffix}"):
        if _key(candidate) not in taken:
            break
    taken.add(_key(candidate))
    return candidate


def _key(name: str) -> str:
    """What a file system that ignores case and composition of letters takes the name for."""
    return normalize("NFC", normalize("NFC", name).casefold())
