"""What is being written: hidden names that tell whose it is, and the end of what the dead left."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.project.private import FOLDER

OLD_SECONDS = 86_400.0  # of another machine, or of a process whose number was given again
NAME = re.compile(r"\..+\.(?P<pid>\d+)-(?P<host>.+)-[0-9a-f]{16}\.part")


def aside(path: Path) -> Path:
    """A new hidden name beside `path`, of this process: what lies there is no use to others."""
    mine = f"{os.getpid()}-{socket.gethostname()}-{secrets.token_hex(8)}"
    return path.with_name(f".{path.name[:40]}.{mine}.part")  # a name has 255 bytes


@contextmanager
def temporary(beside: Path) -> Iterator[Path]:
    """A folder of the owner's alone that goes at the end, or when somebody next sweeps there.

    Raises:
        OSError: it cannot be made.
    """
    made = aside(beside)
    made.parent.mkdir(parents=True, exist_ok=True)
    made.mkdir(FOLDER)
    sweep(made.parent)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove from `folder` what processes that are gone were writing when they ended.

    What another machine writes there is left alone for a day. It never fails: what cannot be
    removed now goes next time.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if abandoned(path):
                _remove(path)


def alive(pid: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def abandoned(path: Path) -> bool:
    """Whether it was being written by a process that is gone, as its name says."""
    found = NAME.fullmatch(path.name)
    if not found:
        return False
    if found["host"] == socket.gethostname() and not alive(int(found["pid"])):
        return True
    with suppress(OSError):
        return path.lstat().st_mtime < time.time() - OLD_SECONDS
    return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
