"""What a worker says on standard error, which is its worker.log: a full disk there stops nobody."""

from __future__ import annotations

import sys
from contextlib import suppress


def say(text: str) -> None:
    """Write a line, if it can be written at all."""
    with suppress(OSError, ValueError):  # of a disk that is full, of a file that is closed
        print(text, file=sys.stderr, flush=True)
