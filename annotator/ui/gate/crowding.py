"""So many pages at once: each open one takes memory and a thread, so nobody may open them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 50  # pages of one person: a name, or a browser that showed the token
MOST_TOGETHER = 1000  # of all people
CLOSE_SOME = (
    "{number:,} pages are open {where}, and there can be no more. Close some, then reload this "
    "one; your answers wait in this browser."
)


class Pages:
    """Counts the open pages, each of somebody; of somebody without a name only together."""

    def __init__(self, most: int = MOST, most_together: int = MOST_TOGETHER) -> None:
        self.most, self.most_together = most, most_together
        self._open: Counter[str] = Counter()

    def full(self, who: str) -> str:
        """Why there can be no other page of theirs, in a sentence; empty if there can."""
        if who and self._open[who] >= self.most:
            return CLOSE_SOME.format(number=self.most, where="under your name or in your browser")
        if self._open.total() >= self.most_together:
            return CLOSE_SOME.format(number=self.most_together, where="on this server")
        return ""

    @contextmanager
    def one_more(self, who: str) -> Iterator[None]:
        """Count a page as open until the end."""
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
