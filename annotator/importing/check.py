"""Check one file: an image that decodes whole goes into the workspace, the rest gets a reason."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Container
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from annotator.errors import ImportingError
from annotator.imaging import bounded
from annotator.imaging.bare import bare, told
from annotator.imaging.bounded import MOST_PIXELS
from annotator.imaging.conversion.png import is_png_of
from annotator.imaging.metadata import UnclearError
from annotator.imaging.reading.content import PAGED, faithful
from annotator.imaging.reading.depth import cut
from annotator.imaging.upright import DEEP, FORMATS, PLAIN
from annotator.importing.source import Source
from annotator.model import NOTHING, NewImage, Refused, Told
from annotator.project import Workspace, place, private
from annotator.project.files import laying, replacing

SMALLEST_SIDE = 4  # pixels
SMALL = 2**22  # bytes up to which a file is read whatever it is
MOST_BYTES = 2**30  # more than MOST_PIXELS of 16-bit color need; a file is read as a whole

# The stored name depends on the content alone, whatever the file was called.
SUFFIXES = {
    "BMP": ".bmp",
    "GIF": ".gif",
    "JPEG": ".jpg",
    "JPEG2000": ".jp2",
    "MPO": ".jpg",
    "PNG": ".png",
    "PPM": ".ppm",
    "TIFF": ".tif",
    "WEBP": ".webp",
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file with the bytes of an image that is there already; what is told may still be news."""

    name: str
    sha256: str
    told: Told = NOTHING
    row: str = ""  # what a table calls an image that was known by that alone


Event = NewImage | Duplicate | Refused


class UnfitError(Exception):
    """A file is no image that the product can use; the message is the reason."""


def whole(
    source: Source, file: BinaryIO, workspace: Workspace, known: Container[str]
) -> NewImage | Duplicate:
    """Read, check and copy a file that is one image.

    Raises:
        ImportingError: the workspace cannot be written.
        UnfitError: it is none that the product can use.
        OSError: it cannot be read.
    """
    if file.seek(0, os.SEEK_END) > SMALL:  # what is no image need not be read to its end
        _header(file)
    file.seek(0)
    content = file.read()
    image = _header(BytesIO(content))
    kind, mode = image.format or "", image.mode
    sha256 = hashlib.sha256(content).hexdigest()
    stored = place(sha256, SUFFIXES[kind])
    if sha256 in known:
        keep(content, workspace.image_path(stored))  # it may have been lost or damaged
        return Duplicate(source.name, sha256, source.told)
    if source.original in known and _exported(content, source.original, workspace):
        return Duplicate(source.name, source.original, source.told)
    width, height, note = _decoded(image, content)
    note = "; ".join(filter(None, (note, cut(content, kind, mode))))
    lay(content, workspace.image_path(stored))
    personal = told(content, kind)
    return NewImage(sha256, source.name, stored, width, height, note, source.told, personal)


def _exported(content: bytes, original: str, workspace: Workspace) -> bool:
    """Whether a file is what an export makes of an image that is here; a table may say anything."""
    for suffix in set(SUFFIXES.values()):
        with suppress(OSError, UnclearError):
            found = workspace.image_path(place(original, suffix)).read_bytes()
            if content == bare(found) or is_png_of(content, found):
                return True
    return False


def opened(source: Source) -> BinaryIO:
    """The file of a source.

    Raises:
        UnfitError: there is none that can be read, or nothing in it, or too much.
    """
    if source.content is not None:
        return BytesIO(source.content)
    path = source.path
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):  # opening a pipe would wait forever
            raise UnfitError("not a file")
        if kind.st_size == 0:
            raise UnfitError("empty file (0 bytes)")
        if kind.st_size > MOST_BYTES:
            raise UnfitError(f"too large: more than {MOST_BYTES >> 20} MiB")
        return path.open("rb")
    except FileNotFoundError as problem:
        raise UnfitError("no such file") from problem
    except PermissionError as problem:
        raise UnfitError("no permission to read it") from problem
    except (OSError, ValueError) as problem:  # a loop of links; a zero byte in the name
        raise UnfitError(f"cannot be opened ({problem})") from problem


def is_one_picture(file: BinaryIO) -> bool:
    """Whether a TIFF file has one page, which Pillow reads as it is; it is read from its start."""
    try:
        image = Image.open(file, formats=("TIFF",))
        return faithful(image) and getattr(image, "n_frames", 1) == 1
    except Exception:  # whatever it is, the reader of pages says it better
        return False
    finally:
        file.seek(0)


def _header(file: BinaryIO) -> Image.Image:
    """Read no more than the header, and judge by it."""
    try:
        file.seek(0)
        image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as problem:
        raise UnfitError(f"not an image ({', '.join((*FORMATS, *PAGED))} are read)") from problem
    except Image.DecompressionBombError as problem:
        raise UnfitError(bounded.too_large("far more")) from problem
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise UnfitError(f"damaged image ({problem})") from problem
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise UnfitError(bounded.too_large(f"{width} × {height}"))
    if min(width, height) < SMALLEST_SIDE:
        raise UnfitError(
            f"too small: {width} × {height} pixels, at least {SMALLEST_SIDE} a side needed"
        )
    if image.mode not in PLAIN | DEEP:
        raise UnfitError(f"pixel format {image.mode} is not supported; save it as RGB or gray")
    return image


def _decoded(image: Image.Image, content: bytes) -> tuple[int, int, str]:
    """Decode the first frame whole; give its upright width and height, and a note."""
    try:
        word, _ = bounded.on(image, content, "check")
    except bounded.TooMuch as problem:
        raise UnfitError(str(problem)) from problem
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        raise UnfitError(f"damaged or truncated image ({problem})") from problem
    width, height, note = word.split(" ", 2)
    return int(width), int(height), note


def keep(content: bytes, target: Path) -> None:
    """Write an image that has a row whole or not at all, unless the very same bytes are there.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    _write(content, target, replacing)


def lay(content: bytes, target: Path) -> None:
    """As `keep`, for an image that has no row yet: it is flushed with all the others before.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    _write(content, target, laying)


def _fill(
    content: bytes, target: Path, way: Callable[[Path], AbstractContextManager[BinaryIO]]
) -> None:
    with way(target) as file:
        file.write(content)


def _write(
    content: bytes, target: Path, way: Callable[[Path], AbstractContextManager[BinaryIO]]
) -> None:
    try:
        with suppress(FileNotFoundError):
            if target.stat().st_size == len(content) and target.read_bytes() == content:
                return
        try:
            _fill(content, target, way)
        except FileNotFoundError:  # the first one of its folder
            target.parent.mkdir(private.FOLDER, exist_ok=True)
            _fill(content, target, way)
    except OSError as problem:
        raise ImportingError(
            f"Cannot copy an image to {target}: {problem.strerror}. Make room or give yourself the "
            "right to write there, then import again: what is in already is skipped."
        ) from problem
