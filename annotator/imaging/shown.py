"""Pictures that were made for browsers, kept on the disk: decoded once, whoever looks again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from annotator.imaging import pixels
from annotator.project import private
from annotator.project.files import replacing

# Suffix -> MIME type, first and last bytes of a whole file
KINDS = {
    ".jpg": ("image/jpeg", b"\xff\xd8", b"\xff\xd9"),
    ".png": ("image/png", b"\x89PNG", b"IEND\xaeB`\x82"),
}


def picture(folder: Path, path: Path) -> tuple[bytes, str]:
    """What `pixels.for_browser` gives; what had to be made is kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return _kept(folder, path, "shown", lambda: pixels.for_browser(path))


def thumbnail(folder: Path, path: Path, side: int) -> tuple[bytes, str]:
    """What `pixels.thumbnail` gives, kept below `folder`.

    Raises:
        Damaged: the file is gone or damaged.
    """
    return _kept(folder, path, str(side), lambda: pixels.thumbnail(path, side))


def _kept(
    folder: Path, path: Path, variant: str, make: Callable[[], tuple[bytes, str]]
) -> tuple[bytes, str]:
    """A stored image is named by its content, so what was made of it holds for ever."""
    place = folder / path.stem[:2] / f"{path.stem}-{variant}"
    for suffix, (mime, begin, end) in KINDS.items():
        with suppress(OSError):
            found = place.with_name(place.name + suffix).read_bytes()
            if found.startswith(begin) and found.endswith(end):  # or it is made anew
                return found, mime
    made, mime = make()
    if hashlib.sha256(made).hexdigest() == path.stem:  # the file as it lies there
        return made, mime
    suffix = ".jpg" if mime == "image/jpeg" else ".png"  # nothing else is made
    with suppress(OSError):  # on a full disk it is shown all the same
        place.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        with replacing(place.with_name(place.name + suffix)) as file:
            file.write(made)
    return made, mime
