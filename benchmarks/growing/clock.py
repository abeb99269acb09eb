"""What a stretch of work takes: seconds of a processor, seconds of a clock, and memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05  # seconds between two looks at the memory


@dataclass(slots=True)
class Cost:
    """What was measured; the memory is what could not be given back, so without mapped files."""

    cpu: float = 0.0  # seconds
    wall: float = 0.0  # seconds
    memory: float = 0.0  # MB at most, of the whole process


def held() -> float:
    """MB of this process that are no file's."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    kinds = {line.split(":")[0]: line for line in told.splitlines()}
    return sum(int(kinds[each].split()[1]) for each in ("RssAnon", "RssShmem")) / 1024


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the body; the cost is filled in at its end."""
    cost, over = Cost(memory=held()), threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            cost.memory = max(cost.memory, held())

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.cpu, cost.wall = time.process_time() - cpu, time.perf_counter() - wall
        over.set()
        looking.join()
        cost.memory = max(cost.memory, held())
