"""JPEG: the segments that pictures are made of stay; all others, and what comes after, go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.imaging.metadata.piece import Piece, UnclearError, only_orientation

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
APP0, APP15, COM, SOS = 0xE0, 0xEF, 0xFE, 0xDA
EXIF = b"Exif\0\0"
XMP = b"http://ns.adobe.com/x"
PHOTOSHOP = b"Photoshop 3.0\0"
IPTC = b"8BIM\x04\x04"
# Colors: their profile, and how they are packed
COLOR = (b"ICC_PROFILE\0", b"Adobe")
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # a marker amid packed pixels


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, as it lies by `turn`, and what was taken out.

    Raises:
        UnclearError: it is not built as a JPEG file.
    """
    kept, gone = bytearray(SOI), list[Piece]()
    place = after_jfif = 0
    for marker, segment, end in _segments(content):
        piece = _judged(marker, segment[4:])
        if piece is None:
            kept += _bare(marker, segment)
            after_jfif = len(kept) if marker == APP0 else after_jfif
        else:
            gone.append(piece)
        place = end
    if content[place:]:
        gone.append(Piece("other", key="what follows the picture"))
    if turn != 1:
        exif = EXIF + only_orientation(turn)
        kept[after_jfif or 2 : after_jfif or 2] = (
            b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
        )
    return bytes(kept), gone


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield (marker, bytes, where it ends) up to the end of the picture."""
    if content[:2] != SOI:
        raise UnclearError("it does not begin as a JPEG file")
    place = 2
    while place < len(content):
        if content[place] != 0xFF:
            raise UnclearError("a segment does not begin where the one before ends")
        marker = content[place + 1] if place + 1 < len(content) else 0xD9
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker == EOI[1]:
            yield marker, EOI, place + 2
            return
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise UnclearError("a segment ends behind the file")
        if marker == SOS:
            found = _NEXT.search(content, end)
            end = found.start() if found else len(content)
        yield marker, content[place:end], end
        place = end


def _judged(marker: int, data: bytes) -> Piece | None:
    """What a segment is if it is not of the picture."""
    if marker == COM:
        return Piece("comment", data)
    if not APP0 <= marker <= APP15 or data.startswith(COLOR):
        return None
    if marker == APP0 and data.startswith(b"JFIF\0"):
        return None
    if data.startswith(EXIF):
        return Piece("EXIF", data[len(EXIF) :])
    if data.startswith(XMP):
        return Piece("XMP", data)
    if data.startswith(PHOTOSHOP) and IPTC in data:
        return Piece("IPTC", data)
    return Piece("other", data, f"segment {marker - APP0}")


def _bare(marker: int, segment: bytes) -> bytes:
    """A segment of the picture; JFIF's own small picture is taken out."""
    if marker != APP0 or len(segment) <= 18:
        return segment
    return segment[:2] + b"\x00\x10" + segment[4:16] + b"\0\0"
