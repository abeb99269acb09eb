"""GIF: pictures, their timing and their loop stay; comments and other extensions go."""

from __future__ import annotations

from annotator.imaging.metadata.piece import Piece, UnclearError

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
TIMING, COMMENT, APPLICATION = 0xF9, 0xFE, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")  # the last is a color profile


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, and what was taken out; a GIF file cannot say how it lies.

    Raises:
        UnclearError: it is not built as a GIF file.
    """
    if content[:4] != b"GIF8" or turn != 1:
        raise UnclearError("it does not begin as a GIF file" if turn == 1 else "it lies otherwise")
    place = 13 + _palette(content, 10)
    kept, gone = bytearray(content[:place]), list[Piece]()
    while place < len(content):
        start, kind = place, content[place]
        if kind == END:
            place += 1
            kept += content[start:place]
            break
        label = content[place + 1 : place + 2]
        head = 2 if kind == EXTENSION else 11 + _palette(content, place + 9)
        if kind not in (EXTENSION, PICTURE):
            raise UnclearError("a block of it is of no known kind")
        place = _blocks_end(content, start + head)
        piece = _judged(label[0], content[start + 2 : place]) if kind == EXTENSION else None
        if piece:
            gone.append(piece)
        else:
            kept += content[start:place]
    if content[place:]:
        gone.append(Piece("other", key="what follows the picture"))
    return bytes(kept), gone


def _palette(content: bytes, flags_at: int) -> int:
    """Bytes of the palette that the flags at a place announce."""
    if flags_at >= len(content):
        raise UnclearError("it ends amid a picture")
    flags = content[flags_at]
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(content: bytes, place: int) -> int:
    """Where a chain of blocks ends: each begins with its length, the last has none."""
    while place < len(content) and content[place]:
        place += content[place] + 1
    if place >= len(content):
        raise UnclearError("it ends amid a block")
    return place + 1


def _judged(label: int, data: bytes) -> Piece | None:
    """What an extension is if it is not of the picture."""
    if label == TIMING or (label == APPLICATION and data[1:12] in LOOPS):
        return None
    if label == COMMENT:
        return Piece("comment", data[1:-1])
    kind = "XMP" if data[1:9] == b"XMP Data" else "other"
    return Piece("XMP" if kind == "XMP" else "other", data, "extension")
