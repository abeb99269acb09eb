"""JPEG 2000: the picture and its colors stay; XML, private boxes and comments go."""

from __future__ import annotations

from annotator.imaging.metadata.piece import Piece, UnclearError

PICTURE = frozenset((b"jP  ", b"ftyp", b"jp2h", b"rreq"))
CODE = b"jp2c"  # the box of the packed pixels
START, COMMENT, TILE = b"\xff\x4f", 0xFF64, 0xFF90
SOFTWARE = (b"Created by OpenJPEG", b"Kakadu")


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, and what was taken out; such a file cannot say how it lies.

    Raises:
        UnclearError: it is not built as a JPEG 2000 file.
    """
    if turn != 1:
        raise UnclearError("how it lies stands in its metadata alone")
    if content[:2] == START:
        return _packed(content)
    kept, gone, place = bytearray(), list[Piece](), 0
    while place < len(content):
        length, kind = (
            int.from_bytes(content[place : place + 4], "big"),
            content[place + 4 : place + 8],
        )
        head = 8
        if length == 1:
            length, head = int.from_bytes(content[place + 8 : place + 16], "big"), 16
        end = place + length if length else len(content)
        if (length and length < head) or end > len(content):
            raise UnclearError("a box ends behind the file")
        if kind in PICTURE:
            kept += content[place:end]
        elif kind == CODE:
            code, found = _packed(content[place + head : end])
            gone += found
            kept += _box(code) if found else content[place:end]
        else:
            gone.append(Piece("XMP", content[place:end], kind.decode("latin-1")))
        place = end
    return bytes(kept), gone


def _packed(code: bytes) -> tuple[bytes, list[Piece]]:
    """Packed pixels without the comments of their header, and these."""
    if code[:2] != START:
        raise UnclearError("its pixels do not begin where they should")
    kept, gone, place = bytearray(START), list[Piece](), 2
    while True:
        marker = int.from_bytes(code[place : place + 2], "big")
        if marker == TILE:
            return bytes(kept + code[place:]), gone
        end = place + 2 + int.from_bytes(code[place + 2 : place + 4], "big")
        if marker < 0xFF00 or end <= place + 3 or end > len(code):
            raise UnclearError("the header of its pixels is damaged")
        text = code[place + 6 : end]
        if marker == COMMENT and not text.startswith(SOFTWARE):
            gone.append(Piece("comment", text))
        else:
            kept += code[place:end]
        place = end


def _box(code: bytes) -> bytes:
    """A box of packed pixels; with eight bytes for its length where four are too few."""
    if len(code) + 8 < 2**32:
        return (len(code) + 8).to_bytes(4, "big") + CODE + code
    return (1).to_bytes(4, "big") + CODE + (len(code) + 16).to_bytes(8, "big") + code
