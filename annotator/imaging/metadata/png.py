"""PNG: the chunks that say how the picture looks stay; other text, times and EXIF go."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from annotator.imaging import values
from annotator.imaging.metadata.piece import Piece, UnclearError, only_orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PICTURE = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD cICP mDCV cLLI "
    b"acTL fcTL fdAT".split()
)
TEXT = (b"tEXt", b"zTXt", b"iTXt")


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, as it lies by `turn`, and what was taken out.

    Raises:
        UnclearError: it is not built as a PNG file.
    """
    kept = bytearray(SIGNATURE)
    for kind, place, end in chunks(content):
        if _of_picture(kind, content, place, end):
            kept += content[place:end]
        if kind == b"IHDR" and turn != 1:
            kept += _chunk(b"eXIf", only_orientation(turn))
    return bytes(kept), pieces(content)


def pieces(content: bytes) -> list[Piece]:
    """What `split` takes out, without a copy of the rest.

    Raises:
        UnclearError: it is not built as a PNG file.
    """
    gone, end = list[Piece](), 8
    for kind, place, end in chunks(content):
        if not _of_picture(kind, content, place, end):
            gone.append(_piece(kind, content[place + 8 : end - 4]))
    if len(content) > end:
        gone.append(Piece("other", key="what follows the picture"))
    return gone


def chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each chunk, where it begins, and where it ends.

    Raises:
        UnclearError: it is not built as a PNG file.
    """
    if content[:8] != SIGNATURE:
        raise UnclearError("it does not begin as a PNG file")
    place, kind = 8, b""
    while kind != b"IEND":
        if place + 12 > len(content):
            raise UnclearError("it has no end")
        length = int.from_bytes(content[place : place + 4], "big")
        kind = content[place + 4 : place + 8]
        end = place + 12 + length
        yield kind, place, end
        place = end


def _of_picture(kind: bytes, content: bytes, place: int, end: int) -> bool:
    return kind in PICTURE or _of_values(kind, content[place + 8 : end - 4])


def _of_values(kind: bytes, data: bytes) -> bool:
    """Whether a chunk is our note about the values of the pixels: numbers, and nothing else."""
    key, _, text = data.partition(b"\0")
    if key != values.KEY.encode() or kind not in (b"tEXt", b"zTXt"):
        return False
    try:
        if kind == b"zTXt":
            unpacker = zlib.decompressobj()
            text = unpacker.decompress(text[1:], values.LONGEST)
            if unpacker.unused_data or not unpacker.eof:
                return False
        return values.read(text.decode("ascii")) is not None
    except (UnicodeDecodeError, zlib.error):
        return False


def _piece(kind: bytes, data: bytes) -> Piece:
    if kind == b"eXIf":
        return Piece("EXIF", data)
    if kind not in TEXT:
        return Piece("other", data, kind.decode("latin-1"))
    key = data.partition(b"\0")[0].decode("latin-1")
    return Piece("XMP" if key == "XML:com.adobe.xmp" else "text", data, key)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
