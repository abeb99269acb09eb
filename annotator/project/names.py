"""A few digits of the name of each image, in one text: what rows of a cache are known by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

DIGITS = 4  # hexadecimal, of a name: one other image in 65,536 would pass, none of a whole part


class Names:
    """What names come to, in the order of the rows; they are gone through once.

    Args:
        names: of all images; a name stands for a content.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._digits = "".join(
            hashlib.blake2b(name.encode()).hexdigest()[:DIGITS] for name in names
        )

    def __len__(self) -> int:
        return len(self._digits) // DIGITS

    def between(self, start: int, stop: int) -> str:
        """The digits of the rows from `start` to before `stop`."""
        return self._digits[DIGITS * start : DIGITS * stop]
