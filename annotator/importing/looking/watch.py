"""How far the reading of a source is, how long it still takes, and whether it is to stop."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

RECENT = 100  # files that tell how many of the next are here already


@dataclass(slots=True)
class Spent:
    """What some files took."""

    files: int = 0
    seconds: float = 0.0  # of threads, all together

    @property
    def mean(self) -> float:
        """Seconds a file; 0 where there is none."""
        return self.seconds / self.files if self.files else 0.0


class Watch:
    """Counts files as threads are done with them; a file counts by what others of its kind took.

    What is here already takes much less. When an import goes on, it comes first: how long the rest
    takes is known once some of it is read.

    Args:
        expected: files of each kind that the source has, where that is known.
        clock: seconds.
    """

    def __init__(
        self,
        expected: Mapping[str, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = None if expected is None else sum(expected.values())
        self._expected = Counter(expected or {})
        self._done = Counter[str]()
        self._new = dict[str, Spent]()  # by kind
        self._skipped = Spent()
        self._recent = deque[bool](maxlen=RECENT)  # whether it was skipped
        self._clock, self._began = clock, clock()
        self._lock, self._stop = threading.Lock(), threading.Event()

    @property
    def files(self) -> int:
        """How many files are read."""
        with self._lock:
            return self._done.total()

    @property
    def skipped(self) -> int:
        """How many of these were here already."""
        return self._skipped.files

    def passed(self, kind: str, seconds: float = 0.0, *, skipped: bool = False) -> None:
        """A file of this kind is read, or skipped as it is here, and took a thread so long."""
        with self._lock:
            self._done[kind] += 1
            self._recent.append(skipped)
            spent = self._skipped if skipped else self._new.setdefault(kind, Spent())
            spent.files += 1
            spent.seconds += seconds

    def left(self) -> float | None:
        """Seconds until all is read; None before anything is known."""
        with self._lock:
            new = Spent(
                sum(each.files for each in self._new.values()),
                sum(each.seconds for each in self._new.values()),
            )
            if self.total is None or not new.seconds:
                return None
            share = sum(self._recent) / len(self._recent)
            to_do = 0.0
            for kind, count in self._expected.items():
                each = (1 - share) * self._new.get(kind, new).mean + share * self._skipped.mean
                to_do += max(0, count - self._done[kind]) * each
            # As many threads side by side as so far
            return (self._clock() - self._began) * to_do / (new.seconds + self._skipped.seconds)

    def stop(self) -> None:
        """Have no further file read."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether no further file is to be read."""
        return self._stop.is_set()


def kind_of(name: str) -> str:
    """The suffix of a file, by which it is likened to others; what has digits alone is none."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if any(letter.isalpha() for letter in suffix) else ""
