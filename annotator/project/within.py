"""Whether a path leads into certain folders, wherever its links lead."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def within(path: Path | str, folders: Iterable[Path]) -> Path | None:
    """The path with `~` spelled out and all links followed, if it is one of the folders or below.

    Of a path that does not exist, the part that does is followed. None if it leads elsewhere, or
    is none.
    """
    try:
        real = Path(os.path.realpath(os.path.expanduser(path)))  # noqa: PTH111 - Path's raises
    except (OSError, ValueError):  # a loop of links, or a character that no path has
        return None
    return real if any(real.is_relative_to(os.path.realpath(each)) for each in folders) else None
