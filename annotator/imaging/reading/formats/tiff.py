"""TIFF of several pages or deep color: each page through its real depth, whoever reads it right.

Pillow reads most ways of packing but cuts color to 8 bits, takes unsigned numbers of 32 bits for
signed ones and leaves deep white-is-zero as it is; tifffile does none of that.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from annotator.imaging import values
from annotator.imaging.reading.content import faithful
from annotator.imaging.reading.page import Asked, Page, Pages, Unread
from annotator.imaging.reading.picture import Made, check_size, color, gray, save
from annotator.imaging.upright import DEEP, PLAIN, TURNS, orientation, upright
from annotator.imaging.values import Values

KEPT = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})  # modes of PNG
WHITE_IS_ZERO, RGB, SEPARATE = 0, 2, 2
REDUCED, MASK = 1, 4  # bits of what a page is beside the picture


def pages(content: bytes, asked: Asked) -> Pages:
    """Read page after page.

    Raises:
        Unread: the file is damaged, or has no page of those asked for.
    """
    try:
        file = tifffile.TiffFile(BytesIO(content))
        found = [
            (place, each)
            for place, each in enumerate(file.pages)
            if isinstance(each, tifffile.TiffPage) and not int(each.subfiletype) & (REDUCED | MASK)
        ]
    except Exception as problem:  # a reader fed with damaged bytes may raise anything
        raise Unread(f"damaged TIFF file ({problem})") from problem
    if not found:
        raise Unread("it has no page")
    total, left_out, face = len(found), asked.left_out(len(found)), _face(found[0][1])
    for number in asked.span.of(total):
        if number in asked.known:
            yield Page(number, total)
        else:
            place, page = found[number - 1]
            read = _tried(content, page, place, number, total, asked)
            yield replace(read, face=face if 0 < face <= total else 0)
    if left_out:
        yield Page(0, total, fault=left_out)


def _face(first: tifffile.TiffPage) -> int:
    """The page that stands for a document that we have exported; 0 where the file says nothing."""
    tag = first.tags.get(values.FACE_TAG)
    return tag.value if tag is not None and isinstance(tag.value, int) else 0


def _tried(
    content: bytes, page: tifffile.TiffPage, place: int, number: int, total: int, asked: Asked
) -> Page:
    try:
        return _page(content, page, place, number, total, asked)
    except Unread as problem:
        return Page(number, total, fault=str(problem))
    except MemoryError:
        raise
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        why = str(problem) or type(problem).__name__
        return Page(number, total, fault=f"damaged or truncated image ({why})")


def _page(
    content: bytes, page: tifffile.TiffPage, place: int, number: int, total: int, asked: Asked
) -> Page:
    check_size(page.imagewidth, page.imagelength)
    made = _made(content, page, place)
    notes = asked.only_first(total)
    if made.note:
        notes.append(made.note)
    with Image.open(BytesIO(made.content)) as picture:
        width, height = picture.size
    return Page(number, total, made.content, made.suffix, width, height, note="; ".join(notes))


def _made(content: bytes, page: tifffile.TiffPage, place: int) -> Made:
    """By Pillow where it reads the page as it is, else by tifffile; if that cannot, as it can.

    Raises:
        Unread: neither can.
    """
    image = _opened(content, place)
    if image is not None and image.mode in PLAIN | DEEP and faithful(image):
        return _drawn(image)
    try:
        return _exact(page)
    except (MemoryError, Unread):
        raise
    except Exception as lacking:  # a way of packing that needs more than is installed
        if image is None:
            raise Unread(f"damaged, or packed in a rare way ({lacking})") from lacking
        return _drawn(image)._replace(note="its depth is cut: as it is packed, no reader gets more")


def _opened(content: bytes, place: int) -> Image.Image | None:
    """By Pillow, at one of its pages; None if Pillow does not know the like of it."""
    try:
        image = Image.open(BytesIO(content), formats=("TIFF",))
        image.seek(place)
    except Exception:  # a decoder fed with damaged bytes may raise anything
        return None
    return image


def _drawn(image: Image.Image) -> Made:
    """What Pillow makes of the current page."""
    image.load()
    inverted = int(getattr(image, "tag_v2", {}).get(262) == WHITE_IS_ZERO)
    told = values.of(image)  # a page of a document that we have exported
    if image.mode in DEEP or (image.mode == "L" and told):
        stored = turned(np.asarray(image), orientation(image))
        return gray(stored, told or Values(inverted=inverted))
    turn = TURNS.get(orientation(image))
    picture = image if image.mode in KEPT else upright(image)
    if turn is not None and picture is image:
        picture = picture.transpose(turn)
    return save(picture, image.info.get("icc_profile") if image.mode in KEPT else None)


def _exact(page: tifffile.TiffPage) -> Made:
    """What tifffile makes of it: (height, width) or (height, width, channels) in its own type."""
    stored = page.asarray()
    if page.planarconfig == SEPARATE and stored.ndim == 3:
        stored = np.moveaxis(stored, 0, -1)
    stored = turned(stored, int(page.tags[274].value) if 274 in page.tags else 1)
    kind, photometric = stored.dtype.kind, int(page.photometric)
    if stored.ndim == 2 and kind in "biuf":
        return gray(stored, Values(inverted=int(photometric == WHITE_IS_ZERO)), _lowest(stored))
    if photometric == RGB and stored.ndim == 3 and stored.shape[-1] >= 3 and kind in "uf":
        return _colored(stored)
    channels = stored.shape[-1] if stored.ndim == 3 else 1
    raise Unread(f"{channels} channels of {stored.dtype}: save it as gray or RGB")


def _colored(stored: NDArray[Any]) -> Made:
    """RGB of 16 or 32 bits or floats from 0 to 1; transparency lies on white."""
    if stored.dtype.kind == "f":
        if not (np.isfinite(stored).all() and stored.min() >= 0 and stored.max() <= 1):
            raise Unread("color of floats beyond 0 to 1: save it as RGB of 8 or 16 bits")
        stored = np.rint(stored.astype(np.float64) * 65535).astype(np.uint16)
    bits = 8 * stored.dtype.itemsize
    pixels = stored[..., :3]
    if stored.shape[-1] == 4:
        opaque, top = stored[..., 3:].astype(np.float64) / (2**bits - 1), 2.0**bits - 1
        pixels = pixels * opaque + top * (1 - opaque)
    return color(pixels, bits)


def _lowest(stored: NDArray[Any]) -> int:
    return int(np.iinfo(stored.dtype).min) if stored.dtype.kind == "i" else 0


def turned(stored: NDArray[Any], turn: int) -> NDArray[Any]:
    """An array the right way up, by how EXIF numbers what way it lies, from 1 to 8."""
    if turn >= 5:
        stored = np.swapaxes(stored, 0, 1)
    if turn in (2, 3, 6, 7):
        stored = stored[:, ::-1]
    return stored[::-1] if turn in (3, 4, 7, 8) else stored
