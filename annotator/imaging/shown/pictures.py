"""What a browser may be given of an image: as it is, sized for a stage, small, or its numbers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image

from annotator.imaging import pixels, values
from annotator.imaging.quiet import quiet
from annotator.imaging.shown.kept import Given, kept
from annotator.imaging.upright import DEEP, FORMATS

SHALLOW = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".webp"})  # no format with deep gray


def picture(folder: Path, path: Path) -> Given:
    """What `pixels.for_browser` gives; what had to be made is kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return kept(folder, path, "shown", lambda: pixels.for_browser(path))


def display(folder: Path, path: Path, side: int) -> Given:
    """What `pixels.display` gives, kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return kept(folder, path, f"display{side}", lambda: pixels.display(path, side))


def thumbnail(folder: Path, path: Path, side: int) -> Given:
    """What `pixels.thumbnail` gives, kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return kept(folder, path, str(side), lambda: pixels.thumbnail(path, side))


def numbers(folder: Path, path: Path) -> Given:
    """What `pixels.numbers` gives, kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return kept(folder, path, "numbers", lambda: pixels.numbers(path))


def has_numbers(path: Path) -> bool:
    """Whether more can be seen in an image than in its picture of 8 bits, by its header.

    That is deep gray, and gray with a note of what its numbers mean.
    """
    if path.suffix.lower() in SHALLOW:
        return False
    try:
        return _has_numbers(path)
    except Exception:  # gone or damaged: whoever asks for its picture is told
        return False


@lru_cache(maxsize=65_536)
def _has_numbers(path: Path) -> bool:
    """A stored image is named by its content, so what its header says holds for ever."""
    with quiet(), Image.open(path, formats=FORMATS) as image:
        return image.mode in DEEP or (image.mode == "L" and values.of(image) is not None)
