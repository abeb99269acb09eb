"""Pictures and tables, damaged by chance: bytes flipped, cut, doubled, mixed, sizes made absurd."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from random import Random

from tests.annotator.pictures import BROKEN, GOOD

CELLS = (
    "",
    "a.png",
    "../a.png",
    "/etc/passwd",
    "a\x00b",
    "x" * 70_000,
    '"',
    "=1+1",
    "\ufeff",
    "é/ñ.png",
)
TABLES = (
    b"path,label\na.png,cat\nb.png,dog\n",
    "path;label\r\na.png;Käse\r\n".encode(),
    b'path\tlabel\n"a.png"\tcat\n',
    b"label,path,label\ncat,a.png,dog\n",
)


def pictures(rng: Random, n: int) -> Iterator[bytes]:
    """`n` damaged files, of every format in turn."""
    whole = sorted({**GOOD, **{name: content for name, (content, _) in BROKEN.items()}}.items())
    for number in range(n):
        yield _damaged(rng, whole[number % len(whole)][1], rng.choice(whole)[1])


def tables(rng: Random, n: int) -> Iterator[bytes]:
    """`n` tables: damaged ones, and ones of absurd cells."""
    for number in range(n):
        if number % 2:
            yield _damaged(rng, rng.choice(TABLES), rng.choice(TABLES))
        else:
            rows = [rng.choices(CELLS, k=rng.randint(0, 5)) for _ in range(rng.randint(0, 6))]
            head = rng.choice(["path,label", "path", "label", "path,path", "PATH", ""])
            text = "\n".join([head, *(rng.choice(",;\t").join(row) for row in rows)])
            yield text.encode("utf-8")


def _damaged(rng: Random, content: bytes, other: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.randint(0, len(changed)) for _ in range(2))
        match rng.randrange(6):
            case 0 if changed:  # one bit
                changed[min(at, len(changed) - 1)] ^= 1 << rng.randrange(8)
            case 1:  # cut short
                del changed[max(at, 1) :]
            case 2:  # a hole
                del changed[at:end]
            case 3:  # a stutter
                changed[at:at] = changed[at : min(end, at + 4096)]
            case 4:  # the middle of another file
                changed[at:end] = other[at:end]
            case 5:  # an absurd number where a size or an offset may be
                early = rng.randint(0, min(64, len(changed)))
                number = rng.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 65_535, rng.getrandbits(32)])
                changed[early : early + 4] = struct.pack(rng.choice("<>") + "I", number)
    return bytes(changed)
