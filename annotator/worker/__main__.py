"""Starting a worker: `python -m annotator.worker WORKSPACE [--once] [--parent PID]`."""

from __future__ import annotations

import argparse
import faulthandler
import os
from pathlib import Path

from annotator.worker import Worker

NICENESS = 5  # pages answer first


def main() -> None:
    """Run as `python -m annotator.worker WORKSPACE [--once] [--parent PID]`."""
    parser = argparse.ArgumentParser(description="Do the background jobs of a workspace.")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--once", action="store_true", help="one job, then exit")
    parser.add_argument("--parent", type=int, help="exit when this process is gone and idle")
    given = parser.parse_args()
    faulthandler.enable()  # a crash in a library says in worker.log where it was
    if given.parent is not None:
        os.nice(NICENESS)
    Worker.open(given.workspace, given.parent).run(once=given.once)


if __name__ == "__main__":
    main()
