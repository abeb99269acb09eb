"""A turn on a card: whoever comes second waits, for two rounds would share its memory and its time.

All workspaces of a machine take turns, also those of other people: a lock on a file that the system
lets go when its holder ends, however it ends. On a CPU nobody waits: there the system shares out.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from annotator.errors import RoundError
from annotator.model import Step

PAUSE = 0.5  # seconds until it is asked for again


def card(device: torch.device) -> str | None:
    """The name of a card, the same to every process of the machine; None for a CPU."""
    if device.type != "cuda":
        return None
    found = torch.cuda.get_device_properties(device)
    return f"{device.type}-{getattr(found, 'uuid', device.index or 0)}"


class Turn:
    """The right to compute on a card, from when it has come to when it is ended.

    Args:
        card: by its name; None for what needs no turn.
        folder: of the locks, one for all users of the machine.
    """

    def __init__(self, card: str | None, folder: Path | None = None) -> None:
        place = Path(tempfile.gettempdir()) if folder is None else folder
        self.path = None if card is None else place / f"certilabel-{card}.lock"
        self._handle: int | None = None

    def waiting(self) -> Iterator[Step]:
        """Wait for it; say so as long as it is another's.

        Raises:
            RoundError: the file of the lock cannot be made.
        """
        if self.path is None:
            return
        self._handle = _opened(self.path)
        while not _locked(self._handle):
            yield Step(0.0, "waiting for the graphics card: another workspace computes on it")
            time.sleep(PAUSE)

    def end(self) -> None:
        """Let the next one have it."""
        if self._handle is not None:
            os.close(self._handle)  # which lets go of the lock
            self._handle = None


@contextmanager
def turn(card: str | None, folder: Path | None = None) -> Iterator[Turn]:
    """A turn that ends with the block, also one that has not come."""
    found = Turn(card, folder)
    try:
        yield found
    finally:
        found.end()


def _opened(path: Path) -> int:
    """The file of a lock; another user's may only be read, which is enough to lock it."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _refused(path, error) from error
    try:
        return os.open(path, flags | os.O_CREAT, 0o644)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> RoundError:
    return RoundError(
        f"{path}, by which rounds take turns on the graphics card, cannot be used "
        f"({error.strerror}). Remove it, or set TMPDIR to a folder that can be written."
    )


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
