"""Memory that was freed is kept for what comes next, rather than given back and asked for anew.

Each step of a training, each layer of a network makes some tens of megabytes and frees them. The C
library gives pieces of that size back to the system at once, which then has to clear the next ones
page by page: a tenth of a small network's step, a fifth of the search for neighbors. What one part
of a job has freed the next may have no use for, so it is given back between them.
"""

from __future__ import annotations

import ctypes
import sys

TRIM, LARGE = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h
KEPT = 2**28  # bytes at the end of what is in use that are kept
PIECE = 2**27  # bytes from which a piece is given back at once all the same


def keep_freed() -> None:
    """Say so to the C library of this process; to one that cannot be told, nothing."""
    _tell("mallopt", LARGE, PIECE)
    _tell("mallopt", TRIM, KEPT)


def give_back() -> None:
    """Give back what is free now, wherever it lies between what is in use."""
    _tell("malloc_trim", 0)


def _tell(function: str, *arguments: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    tell = getattr(ctypes.CDLL(None), function, None)
    if tell is not None:
        tell(*arguments)
