"""Whether the header of a file says more bits of color than Pillow keeps of it."""

from __future__ import annotations

import re

NOTE = "color of {} bits is shown in 8"
COLOR = frozenset({"RGB", "RGBA", "LA"})  # modes in which Pillow gives it
_CODE = b"\xff\x4f\xff\x51"  # how JPEG 2000 pixels begin, with their size
_NUMBERS = re.compile(rb"P[36](?:\s+|#[^\r\n]*[\r\n])*(\d+)(?:\s+|#[^\r\n]*[\r\n])*(\d+)"
                      rb"(?:\s+|#[^\r\n]*[\r\n])*(\d+)\s")  # fmt: skip


def cut(content: bytes, kind: str, mode: str) -> str:
    """A note where color loses depth as it is decoded; empty where it keeps it.

    Args:
        content: a whole file.
        kind: its format, by Pillow's name.
        mode: in which Pillow gives it; deep gray is given as it is.
    """
    bits = {"PNG": _png, "PPM": _ppm, "JPEG2000": _jpeg2000}.get(kind, _usual)(content)
    return NOTE.format(bits) if mode in COLOR and bits > 8 else ""


def _usual(_content: bytes) -> int:
    return 8


def _png(content: bytes) -> int:
    return content[24] if len(content) > 24 else 8


def _ppm(content: bytes) -> int:
    found = _NUMBERS.match(content[:1000])
    return int(found[3]).bit_length() if found and len(found[3]) < 6 else 8


def _jpeg2000(content: bytes) -> int:
    at = content.find(_CODE)
    return (content[at + 42] & 0x7F) + 1 if 0 <= at < len(content) - 42 else 8
