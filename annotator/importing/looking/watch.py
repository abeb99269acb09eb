"""How far the reading of a source is, how long it still takes, and whether it is to stop."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from statistics import median

RECENT = 100  # files that tell how many of the next are here already
LATELY = 400  # files that tell how long one takes: a machine may be busier than when it began
PARCELS = 8  # of copies that tell how long one takes to be flushed
# Seconds a new image to decide about it and to write it, until an import of this process tells
WRITING = 4e-4


@dataclass(slots=True)
class Spent:
    """What some files took; the older ones fade, once there are many."""

    files: float = 0.0
    seconds: float = 0.0  # of threads, all together

    def add(self, seconds: float, files: int = 1) -> None:
        """Count some more."""
        fading = min(1.0, LATELY / (self.files + files))
        self.files = (self.files + files) * fading
        self.seconds = (self.seconds + seconds) * fading

    @property
    def mean(self) -> float:
        """Seconds a file; 0 where there is none."""
        return self.seconds / self.files if self.files else 0.0


class Watch:
    """Counts files as threads are done with them; a file counts by what others of its kind took.

    What is here already takes much less. When an import goes on, it comes first: how long the rest
    takes is known once some of it is read. Copies of what is new are flushed beside the reading,
    and images are written at the end: that counts as well.

    Args:
        expected: files of each kind that the source has, where that is known.
        clock: seconds.
        writing: seconds that one new image takes to be written.
    """

    def __init__(
        self,
        expected: Mapping[str, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
        writing: float = WRITING,
    ) -> None:
        self.total = None if expected is None else sum(expected.values())
        self._expected = Counter(expected or {})
        self._done = Counter[str]()
        self._new = dict[str, Spent]()  # by kind
        self._skipped = Spent()
        self._flushes = deque[float](maxlen=PARCELS)  # seconds a copy, of the last parcels
        self._recent = deque[bool](maxlen=RECENT)  # whether it was skipped
        self._clock, self._writing, self._taken = clock, writing, 0.0
        # The clock, and the seconds of threads until then, all together
        self._marks = deque([(clock(), 0.0)], maxlen=LATELY)
        self._here = self._copies = self._waiting = 0
        self._lock, self._stop = threading.Lock(), threading.Event()

    @property
    def files(self) -> int:
        """How many files are read."""
        with self._lock:
            return self._done.total()

    @property
    def skipped(self) -> int:
        """How many of these were here already."""
        return self._here

    def passed(self, kind: str, seconds: float = 0.0, *, skipped: bool = False) -> None:
        """A file of this kind is read, or skipped as it is here, and took a thread so long."""
        with self._lock:
            self._done[kind] += 1
            self._here += skipped
            self._recent.append(skipped)
            (self._skipped if skipped else self._new.setdefault(kind, Spent())).add(seconds)
            self._taken += seconds
            self._marks.append((self._clock(), self._taken))

    def copied(self, copies: int) -> None:
        """An image is new: so many copies of it are to be flushed."""
        with self._lock:
            self._copies += 1
            self._waiting += copies

    def flushed(self, copies: int, seconds: float) -> None:
        """Some of them are on the disk, which took so long."""
        with self._lock:
            self._waiting -= copies
            self._flushes.append(seconds / max(1, copies))

    def left(self) -> float | None:
        """Seconds until all is in; None before anything is known."""
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
            more = (1 - share) * max(0, self.total - self._done.total())
            return max(
                self._abreast() * to_do, (self._waiting + more) * self._flushing()
            ) + self._writing * (self._copies + more)

    def _flushing(self) -> float:
        """Seconds that one copy takes to be flushed; the first ones may find the disk asleep."""
        return median(self._flushes) if len(self._flushes) >= PARCELS // 2 else 0.0

    def _abreast(self) -> float:
        """Seconds that pass while threads take one, as many side by side as of late."""
        (began, before), (now, taken) = self._marks[0], self._marks[-1]
        return (now - began) / (taken - before) if taken > before else 1.0

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
