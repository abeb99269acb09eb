"""What people disagree about, as a reviewer is shown it: the answers, and no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.images import Image


@dataclass(frozen=True, slots=True)
class Apart:
    """An image about which people disagree."""

    image: Image
    said: Mapping[int, int]  # class -> how many say so


@dataclass(frozen=True, slots=True)
class ToSettle:
    """What waits to be settled."""

    next: tuple[Apart, ...]  # the first of them
    left: int  # images in all
    awaited: int  # whose answers differ so far, and about which others are still to be asked
    opinions: int  # people who are asked about each such image
