"""PPM and its kin: numbers and pixels stay; comments go."""

from __future__ import annotations

import re

from annotator.imaging.metadata.piece import Piece, UnclearError

TOKENS = {b"P1": 2, b"P2": 3, b"P3": 3, b"P4": 2, b"P5": 3, b"P6": 3}  # numbers of the header
PLAIN = (b"P1", b"P2", b"P3")  # pixels are numbers in text
_PART = re.compile(rb"(?:\s|(#[^\r\n]*[\r\n]))*(\d+)")
_COMMENT = re.compile(rb"#([^\r\n]*)")


def split(content: bytes, turn: int) -> tuple[bytes, list[Piece]]:
    """The file without comments, and these; such a file cannot say how it lies.

    Raises:
        UnclearError: it is of a rare kind, and has what may be a comment.
    """
    kind = content[:2]
    if turn != 1 or (kind not in TOKENS and b"#" in content[:1000]):
        raise UnclearError("its header is of a rare kind")
    if kind not in TOKENS:
        return content, []
    place, numbers = 2, list[bytes]()
    for _ in range(TOKENS[kind]):
        found = _PART.match(content, place)
        if found is None:
            raise UnclearError("its header is damaged")
        numbers.append(found[2])
        place = found.end()
    head, rest = content[:place], content[place:]
    comments = _COMMENT.findall(content if kind in PLAIN else head)
    if not comments:
        return content, []
    # In other kinds one blank parts the numbers from the pixels
    rest = _COMMENT.sub(b"", rest) if kind in PLAIN else b"\n" + rest[1:]
    clean = kind + b"\n" + b" ".join(numbers) + rest
    return clean, [Piece("comment", text.strip()) for text in comments]
