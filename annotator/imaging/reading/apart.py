"""The process that reads: `python -m annotator.imaging.reading.apart`, one file after another.

Native decoders may crash or never end, and PDFium is not made for threads; a process can be ended,
and its memory bounded. What it is asked and what it answers are lines of JSON, each followed by as
many bytes as it says.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from PIL import Image

from annotator.imaging.apart import MEMORY, limit
from annotator.imaging.quiet import quiet
from annotator.imaging.reading.formats import FORMATS
from annotator.imaging.reading.page import Asked, Page, Span, Unread

SECONDS = 60  # of a page; the parent ends a child that takes longer
NO_MEMORY = f"too costly: decoding takes more than {MEMORY >> 30} GiB of memory"


def main() -> None:
    """Answer until there is nothing more to read on standard input."""
    limit(resource.RLIMIT_AS, MEMORY)
    Image.MAX_IMAGE_PIXELS = None  # sizes are checked by our own rule
    out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    for spoken in (1, 2):  # native code may write there whatever it likes
        os.dup2(nothing, spoken)
    ready(out)
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        content = sys.stdin.buffer.read(asked.pop("bytes"))
        with quiet():
            answer(out, content, **asked)


def ready(out: BinaryIO) -> None:
    """Say that the readers are there: to load them is not the fault of a file."""
    _say(out, {"ready": True})


def answer(
    out: BinaryIO,
    content: bytes,
    kind: str,
    span: list[Any],
    known: list[int],
    tags: list[str],
    window: str = "",
) -> None:
    """Write each page, then that it is done, or why the file cannot be read."""
    asked = Asked(Span(*span), frozenset(known), tuple(tags), window)
    try:
        _allow_time()
        for page in FORMATS[kind](content, asked):
            _write(out, page)
            _allow_time()
        _say(out, {"done": True})
    except Unread as reason:
        _say(out, {"unread": str(reason)})
    except MemoryError:
        _say(out, {"unread": NO_MEMORY})
    except Exception as problem:  # a reader fed with damaged bytes may raise anything
        _say(out, {"unread": f"damaged ({type(problem).__name__})"})


def _write(out: BinaryIO, page: Page) -> None:
    told = asdict(page)
    content = told.pop("content")
    _say(out, {"page": told, "bytes": len(content)}, content)


def _say(out: BinaryIO, told: dict[str, Any], content: bytes = b"") -> None:
    out.write(json.dumps(told).encode() + b"\n" + content)
    out.flush()


def _allow_time() -> None:
    """So much of a processor from now on, if the parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(used.ru_utime + used.ru_stime) + SECONDS + 5
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    main()
