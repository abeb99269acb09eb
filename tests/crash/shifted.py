"""Another clock for a program.

Only what the program reads as the time of day is shifted; how long it waits is as it was.
"""

from __future__ import annotations

import time

DAY = 86_400.0  # seconds


def shift(seconds: float) -> None:
    """From now on `time.time` is `seconds` ahead; behind, if negative."""
    true = time.time
    time.time = lambda: true() + seconds
