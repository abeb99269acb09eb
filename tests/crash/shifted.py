"""A program under another clock: `python -m tests.crash.shifted SECONDS MODULE ARGUMENT …`.

Only what the program reads as the time of day is shifted; how long it waits is as it was.
"""

from __future__ import annotations

import runpy
import sys
import time

DAY = 86_400.0  # seconds


def shift(seconds: float) -> None:
    """From now on `time.time` is `seconds` ahead; behind, if negative."""
    true = time.time
    time.time = lambda: true() + seconds


if __name__ == "__main__":
    shift(float(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
