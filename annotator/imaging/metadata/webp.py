"""WebP: pictures, their frames and colors stay; EXIF, XMP and unknown chunks go."""

from __future__ import annotations

from annotator.imaging.metadata.piece import Piece, UnclearError, only_orientation

PICTURE = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
EXIF_FLAG, XMP_FLAG = 0x08, 0x04  # in the first byte of VP8X


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, as it lies by `turn`, and what was taken out.

    Raises:
        UnclearError: it is not built as a WebP file.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise UnclearError("it does not begin as a WebP file")
    stop = int.from_bytes(content[4:8], "little") + 8
    kept, gone, place = bytearray(), list[Piece](), 12
    while place + 8 <= min(stop, len(content)):
        kind, length = content[place : place + 4], content[place + 4 : place + 8]
        end = place + 8 + int.from_bytes(length, "little")
        end += end % 2  # chunks begin at even places
        data = content[place + 8 : end]
        if kind == b"VP8X":
            flags = data[0] & ~(EXIF_FLAG | XMP_FLAG) | (EXIF_FLAG if turn != 1 else 0)
            kept += kind + length + bytes([flags]) + data[1:]
        elif kind in PICTURE:
            kept += content[place:end]
        else:
            gone.append(_piece(kind, data))
        place = end
    if content[stop:]:
        gone.append(Piece("other", key="what follows the picture"))
    if turn != 1:
        exif = only_orientation(turn)
        kept += b"EXIF" + len(exif).to_bytes(4, "little") + exif
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + bytes(kept), gone


def _piece(kind: bytes, data: bytes) -> Piece:
    if kind == b"EXIF":
        return Piece("EXIF", data.removeprefix(b"Exif\0\0"))
    return Piece("XMP", data) if kind == b"XMP " else Piece("other", data, kind.decode("latin-1"))
