"""The same bits every time: torch's ways of computing that leave nothing to the order of threads.

On a card, sums are shared out among thousands of threads, and the fastest way adds them up in the
order in which they come. Within `reproducible`, torch takes the ways whose order is fixed. What has
no such way is computed all the same and named, so that nobody takes two runs for equal.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import torch
from torch.utils import deterministic

FILLING: Any = deterministic  # its one setting is a property that type checkers do not see
# Room that cuBLAS needs for sums of a fixed order; torch reads it when a card is first used
ROOM, SIZE = "CUBLAS_WORKSPACE_CONFIG", ":4096:8"
SIGN = "does not have a deterministic implementation"
WITHOUT = re.compile(rf"(\S+) {SIGN}")


@contextmanager
def reproducible() -> Iterator[list[str]]:
    """Let torch compute reproducibly within it, and as before afterward.

    Enter it before anything is computed on a card: the first use fixes how that card adds up.

    Yields:
        The operations that were used and have no reproducible form; it grows as they are met.
    """
    exact = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    benchmark, filled = torch.backends.cudnn.benchmark, FILLING.fill_uninitialized_memory
    room = os.environ.get(ROOM)
    os.environ.setdefault(ROOM, SIZE)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False  # it would choose by what was fastest just now
    FILLING.fill_uninitialized_memory = False  # that finds errors, and takes time
    try:
        with _noting() as without:
            yield without
    finally:
        torch.use_deterministic_algorithms(exact, warn_only=warned)
        torch.backends.cudnn.benchmark = benchmark
        FILLING.fill_uninitialized_memory = filled
        if room is None:
            os.environ.pop(ROOM, None)


@contextmanager
def _noting() -> Iterator[list[str]]:
    """Catch what torch says of operations without a reproducible form; pass other warnings on."""
    without: list[str] = []
    with warnings.catch_warnings():
        warnings.filterwarnings("always", message=f".*{SIGN}")
        show = warnings.showwarning

        def hear(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            found = WITHOUT.search(str(message))
            if found is None:
                show(message, category, filename, lineno, file, line)
            elif found[1] not in without:
                without.append(found[1])

        warnings.showwarning = hear
        yield without


def said(without: Sequence[str]) -> str:
    """Say which operations have no reproducible form; empty if all have one."""
    if not without:
        return ""
    return (
        f"There is no reproducible form of {', '.join(without)} here: trained again, this round "
        "may differ in the last digits of its numbers."
    )
