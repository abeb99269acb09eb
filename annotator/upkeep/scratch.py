"""A folder for simulated copies that goes when its process does, or when the next one comes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from annotator.project.leftovers import alive

PREFIX = ".simulation-"  # then the process, its machine, and something random


@contextmanager
def folder(root: Path) -> Iterator[Path]:
    """Make a folder below `root`, remove it at the end, and first what killed processes left.

    SIGTERM ends the body as Ctrl-C does; call it in the main thread.
    """
    clear(root)
    before = signal.signal(signal.SIGTERM, _end)
    try:
        with tempfile.TemporaryDirectory(
            dir=root,
            prefix=f"{PREFIX}{os.getpid()}-{socket.gethostname()}-",
            ignore_cleanup_errors=True,  # a worker may be at its last file: the next clear gets it
        ) as made:
            yield Path(made)
    finally:
        signal.signal(signal.SIGTERM, before)


def clear(root: Path) -> None:
    """Remove the folders of processes of this machine that are gone."""
    for path in root.glob(f"{PREFIX}*"):
        pid, _, rest = path.name.removeprefix(PREFIX).partition("-")
        here = rest.rpartition("-")[0] == socket.gethostname()
        if here and pid.isdecimal() and not alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)
