"""TIFF: each page is written anew, with its pixels as they are packed and no other tags."""

from __future__ import annotations

import struct
from typing import NamedTuple

from annotator.imaging import values
from annotator.imaging.metadata.piece import (
    ORIENTATION,
    PERSONAL_TAGS,
    Piece,
    UnclearError,
)

# Bytes of a value, by type
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8, 17: 8}
WHERE = {273: 279, 324: 325}  # places of strips or tiles -> their lengths
# What says how pixels are packed, and how they look
PICTURE = frozenset(
    int(tag)
    for tag in f"""254 255 256 257 258 259 262 263 266 {ORIENTATION} 277 278 280 281 282 283 284 290
        291 292 293 296 297 301 317 318 319 320 321 322 323 332 334 336 337 338 339 340 341 342 347
        529 530 531 532 34675""".split()
) | {*WHERE, *WHERE.values()}
PACKED = 259  # the tag of how
KNOWN = {1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000, 50001}  # ways that need no other tag
MOST_PAGES = 100_000


class Shape(NamedTuple):
    """How a file writes numbers: byte order, and whether places have eight bytes."""

    order: str
    big: bool

    @property
    def place(self) -> str:
        return f"{self.order}{'Q' if self.big else 'I'}"

    @property
    def many(self) -> str:
        return f"{self.order}{'Q' if self.big else 'H'}"

    @property
    def width(self) -> int:
        return 8 if self.big else 4

    @property
    def head(self) -> int:
        return 16 if self.big else 8

    def numbers(self, kind: int, data: bytes) -> list[int]:
        """Whole numbers of a value."""
        code = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(kind)
        if code is None:
            raise UnclearError("a place is no whole number")
        return list(struct.unpack(f"{self.order}{len(data) // SIZES[kind]}{code}", data))


Page = dict[int, tuple[int, bytes]]  # tag -> (type, value)


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without metadata, as it lies by `turn`, and what was taken out.

    Where nothing is to be taken out, the file is as it was.

    Raises:
        UnclearError: it is not built as a TIFF file, or in a way that nobody writes any more.
    """
    try:
        shape, first = _shape(content)
        pages = _pages(content, shape, first)
        gone = [_piece(tag, value) for page in pages for tag, value in page.items()]
        found = [piece for piece in gone if piece is not None]
        if turn != 1 and ORIENTATION not in pages[0]:
            raise UnclearError("how it lies stands outside its pages")
        return (_written(content, shape, pages) if found else content), found
    except (struct.error, IndexError, KeyError, OverflowError) as problem:  # places have 64 bits
        raise UnclearError("a part of it lies behind its end") from problem


def _shape(content: bytes) -> tuple[Shape, int]:
    order = {b"II": "<", b"MM": ">"}[content[:2]]
    shape = Shape(order, struct.unpack_from(f"{order}H", content, 2)[0] == 43)
    return shape, struct.unpack_from(shape.place, content, shape.head - shape.width)[0]


def _pages(content: bytes, shape: Shape, place: int) -> list[Page]:
    """The tags of each page."""
    pages, seen = list[Page](), set[int]()
    while place and place not in seen and len(pages) < MOST_PAGES:
        seen.add(place)
        many = struct.unpack_from(shape.many, content, place)[0]
        place += struct.calcsize(shape.many)
        page: Page = {}
        for _ in range(many):
            tag, kind, value = _value(content, shape, place)
            page[tag] = kind, value
            place += 4 + 2 * shape.width
        if PACKED in page and not KNOWN.issuperset(shape.numbers(*page[PACKED])):
            raise UnclearError("its pixels are packed in a rare way")
        pages.append(page)
        place = struct.unpack_from(shape.place, content, place)[0]
    if not pages:
        raise UnclearError("it has no page")
    return pages


def _value(content: bytes, shape: Shape, at: int) -> tuple[int, int, bytes]:
    """(tag, type, bytes) of the entry at a place."""
    tag, kind = struct.unpack_from(f"{shape.order}HH", content, at)
    length = struct.unpack_from(shape.place, content, at + 4)[0] * SIZES.get(kind, 1)
    start = at + 4 + shape.width
    if length > shape.width:
        start = struct.unpack_from(shape.place, content, start)[0]
    value = content[start : start + length]
    if len(value) < length and tag in PICTURE:
        raise UnclearError("a value lies behind its end")
    return tag, kind, value


def _stays(tag: int, value: tuple[int, bytes]) -> bool:
    """Whether a tag is of the picture, or our note about its values: numbers, and nothing else."""
    if tag != values.TAG:
        return tag in PICTURE
    text = value[1].removesuffix(b"\0").decode("latin-1")
    return value[0] == 2 and values.read(text) is not None


def _piece(tag: int, value: tuple[int, bytes]) -> Piece | None:
    if _stays(tag, value):
        return None
    if tag == 700:
        return Piece("XMP", value[1])
    if tag == 34665:
        return Piece("other", key="EXIF")
    blank = not value[1].strip(b" \0")
    return Piece("other", value[1], "" if blank else PERSONAL_TAGS.get(tag, f"tag {tag}"))


def _written(content: bytes, shape: Shape, pages: list[Page]) -> bytes:
    """The pages one after the other: pixels, long values, then the tags that lead to them."""
    out = bytearray(content[: shape.head])
    hook = shape.head - shape.width  # where the place of the next page goes
    for page in pages:
        kept = {tag: page[tag] for tag in sorted(page) if _stays(tag, page[tag])}
        for tag, lengths in WHERE.items():
            if tag in kept:
                kept[tag] = (
                    (16 if shape.big else 4),
                    _moved(content, shape, kept[tag], kept[lengths], out),
                )
        entries = bytearray()
        for tag, (kind, value) in kept.items():
            held = value
            if len(value) > shape.width:
                out += bytes(len(out) % 2)
                held = struct.pack(shape.place, len(out))
                out += value
            count = len(value) // SIZES[kind]
            entries += struct.pack(f"{shape.order}HH", tag, kind)
            entries += struct.pack(shape.place, count) + held.ljust(shape.width, b"\0")
        out += bytes(len(out) % 2)
        struct.pack_into(shape.place, out, hook, len(out))
        out += struct.pack(shape.many, len(kept)) + entries + bytes(shape.width)
        hook = len(out) - shape.width
    return bytes(out)


def _moved(
    content: bytes,
    shape: Shape,
    places: tuple[int, bytes],
    lengths: tuple[int, bytes],
    out: bytearray,
) -> bytes:
    """Copy strips or tiles to the end of `out`; return where they now are."""
    found = []
    for start, length in zip(shape.numbers(*places), shape.numbers(*lengths), strict=True):
        if start + length > len(content):
            raise UnclearError("pixels lie behind its end")
        out += bytes(len(out) % 2)
        found.append(len(out))
        out += content[start : start + length]
    return struct.pack(f"{shape.order}{len(found)}{'Q' if shape.big else 'I'}", *found)
