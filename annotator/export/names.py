"""File names that are safe on every system and still say what the user called things."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from annotator.model import Image  # its room needs NumPy, and a verification needs none

LONGEST = 120  # bytes of UTF-8: file systems end at 255, archives and Windows paths sooner
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows

# What readers of image folders go by.
IMAGE_SUFFIXES = (
    *(".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"),
)

DOCUMENT = ".tif"  # a file of all pages

Claim = Callable[[str], bool]  # whether a name was free until now


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

    def claim(key: str) -> bool:
        free = key not in taken
        taken.add(key)
        return free

    for label in sorted(set(labels)):
        folders[label] = _free("", choices(label), claim)
    return folders


def choices(label: str) -> tuple[str, ...]:
    """The names that a class's folder may have: the first that no other class has."""
    return _choices(safe(label), sha256(label.encode(errors="surrogatepass")).hexdigest())


def file_name(
    image: Image,
    folder: str,
    claim: Claim,
    suffixes: Collection[str] = IMAGE_SUFFIXES,
    mark: str = "",
) -> str:
    """The image's own base name, made safe; with a piece of its hash where `folder` has it.

    Args:
        image: whose file it is.
        folder: that the file will lie in.
        claim: takes a name, in the form in which some file systems hold two names for one.
        suffixes: that the readers of the folder know; others get that of the file that is written.
        mark: what the name is to begin with.
    """
    name = safe(mark + PurePosixPath(image.name).name)
    written = suffix_of(image, suffixes)
    own = PurePosixPath(name).suffix.lower()
    if own not in suffixes or not of_file(image).endswith(written):
        stem = PurePosixPath(name).stem if own in IMAGE_SUFFIXES else name
        name = stem + written  # readers of image folders go by the suffix
    return _free(folder, _choices(name, image.sha256), claim)


def suffix_of(image: Image, suffixes: Collection[str] | None) -> str:
    """What the image's file ends in where readers know `suffixes` alone: its own, or `.png`."""
    own = of_file(image)
    return own if suffixes is None or own in suffixes else ".png"


def of_file(image: Image) -> str:
    """The suffix of the file that an image leaves in: all pages of a document are in one."""
    return DOCUMENT if image.pages > 1 else PurePosixPath(image.stored).suffix


def _free(folder: str, among: Iterable[str], claim: Claim) -> str:
    for candidate in among:
        if claim(_key(f"{folder}/{candidate}")):
            break
    return candidate


def _choices(name: str, digest: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    return name, f"{path.stem}-{digest[:8]}{path.suffix}", f"{digest}{path.suffix}"


def _key(name: str) -> str:
    """What a file system that ignores case and composition of letters takes the name for."""
    return normalize("NFC", normalize("NFC", name).casefold())
