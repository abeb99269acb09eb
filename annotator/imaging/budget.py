"""Memory for decoding: however many ask at once, together they stay within one budget."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

# Bytes a pixel that decoding and what follows hold at their height, by mode; measured, rounded up
LEAN = {"1": 6, "L": 6, "RGB": 10, "YCbCr": 10}
OTHER = 20  # palettes, transparency, ink: several whole copies in four channels
DEEP = 32  # 16 bits and floats are windowed as doubles
DEEP_MODES = frozenset({"F", "I", "I;16", "I;16B", "I;16L", "I;16N"})


class Budget:
    """Bytes that are handed out in the order of asking; who needs more than all gets all."""

    def __init__(self, size: int) -> None:
        self.size = self.free = size
        self._turn = threading.Lock()  # whoever waits for room keeps the next from passing
        self._room = threading.Condition()

    @contextmanager
    def hold(self, needed: int) -> Iterator[None]:
        """Wait until so many bytes are free, and keep them until the end."""
        needed = min(needed, self.size)
        with self._turn, self._room:
            self._room.wait_for(lambda: self.free >= needed)
            self.free -= needed
        try:
            yield
        finally:
            with self._room:
                self.free += needed
                self._room.notify_all()


def needed(image: Image.Image) -> int:
    """Bytes that decoding this image takes, by its header."""
    each = DEEP if image.mode in DEEP_MODES else LEAN.get(image.mode, OTHER)
    return image.width * image.height * each


def memory() -> int:
    """A quarter of the machine's memory, at most a gigabyte."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # not every system says
        return 2**30
    return min(2**30, whole // 4)


BUDGET = Budget(memory())
