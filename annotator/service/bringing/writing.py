"""How long the writing of an import takes: by its own pace, and before that by the last one's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from annotator.importing.looking.watch import WRITING

ENOUGH = 250  # images by which one import tells how long the next one takes


@dataclass(slots=True)
class Usual:
    """Seconds that one new image takes to be written, decisions about it included."""

    seconds: float = WRITING


class Writing:
    """The writing of one import, as it goes.

    Args:
        expected: images that are to come in.
        usual: what is known of earlier ones; this one tells it at its end.
        clock: seconds.
    """

    def __init__(
        self, expected: int, usual: Usual, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.expected, self.images = expected, 0
        self._usual, self._clock, self._began = usual, clock, clock()

    def tell(self, images: int) -> None:
        """So many images are in."""
        self.images = images

    def left(self) -> float:
        """Seconds until all are in."""
        passed = self._clock() - self._began
        if self.images:
            return max(0, self.expected - self.images) * passed / self.images
        return max(0.0, self.expected * self._usual.seconds - passed)

    def end(self) -> None:
        """All are in."""
        if self.images >= ENOUGH:
            self._usual.seconds = (self._clock() - self._began) / self.images
