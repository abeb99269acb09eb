"""A workspace in the place of another: at once, and the other one lies beside it, with the time."""

from __future__ import annotations

import ctypes
import errno
import os
import time
from glob import escape
from pathlib import Path

BEFORE, NEW = "before", "restored"
_HERE, _EXCHANGE = -100, 2  # of renameat2, which Linux has
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def take_place(made: Path, root: Path) -> Path:
    """Put the folder `made` in the place of the folder `root`; return where that lies now.

    On Linux both change places in one step, so there is a whole folder at every moment. Elsewhere a
    kill between two steps leaves none there, and `earlier` finds the one that was.

    Raises:
        OSError: one is gone, the places are on two disks, or may not be written.
    """
    aside = _named(root, BEFORE)
    made.rename(aside)  # from here on nobody who sweeps takes it for what a dead process left
    try:
        if not exchange(aside, root):
            _one_by_one(aside, root)
    except BaseException:
        if not made.exists() and aside.exists() and root.exists():
            aside.rename(made)
        raise
    return aside


def earlier(root: Path) -> list[Path]:
    """The folders that others have taken the place of, the newest first."""
    return sorted(root.parent.glob(f"{escape(root.name)}.{BEFORE}-*"), reverse=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or the disk cannot.

    Raises:
        OSError: one is gone, or their names may not be changed.
    """
    change = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if change is None:
        return False
    if change(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _one_by_one(made: Path, root: Path) -> None:
    new = _named(root, NEW)
    made.rename(new)
    root.rename(made)
    try:
        new.rename(root)
    except BaseException:
        made.rename(root)
        new.rename(made)
        raise


def _named(root: Path, word: str) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    found = root.with_name(f"{root.name}.{word}-{stamp}")
    number = 1
    while found.exists():  # a second restore within the second
        number += 1
        found = root.with_name(f"{root.name}.{word}-{stamp}-{number}")
    return found
