"""Ctrl-C, or SIGTERM: a command that it ends says in a sentence what stands."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

MARKER = "workspace.json"  # comes last into a workspace that is made

AUDITS = "Stopped; `certilabel audit status {root}` says whether an audit is open."
# What a command says that Ctrl-C ends where it says nothing more exact; by its arguments
USUAL = {
    "set": "Stopped; `certilabel set {root}` lists the settings as they are.",
    "classes": "Stopped; `certilabel classes {root} log` says what was changed.",
    "certify": AUDITS,
    "audit": AUDITS,
    "verify": "Stopped before all was checked: nothing is said of {export}.",
    "doctor": "Stopped before all was looked at. What --mend had put right by then stays so.",
}


class Stopped(Exception):  # no error: it is what the user wanted
    """A signal ended a command; the message says what stands."""

    def __init__(self, words: str, number: int = signal.SIGINT) -> None:
        super().__init__(words)
        self.code = 128 + number  # how the command ends


class Terminated(KeyboardInterrupt):
    """SIGTERM came: whoever minds Ctrl-C minds it likewise."""


@contextmanager
def telling(words: Callable[[], str]) -> Iterator[None]:
    """Have Ctrl-C end the body with what `words` then says."""
    try:
        yield
    except KeyboardInterrupt as ended:
        by = signal.SIGTERM if isinstance(ended, Terminated) else signal.SIGINT
        raise Stopped(words(), by) from None
    except SystemExit as ended:  # of what minds SIGTERM by itself: a worker, a simulation
        if ended.code != 128 + signal.SIGTERM:
            raise
        raise Stopped(words(), signal.SIGTERM) from None


@contextmanager
def _terminating() -> Iterator[None]:
    """Have SIGTERM end the body as Ctrl-C does, in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> None:
    del number, frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows must not be cut
    raise Terminated


def ending(name: str, command: Callable[..., None]) -> Callable[..., None]:
    """The command of this name, which does not end without a word.

    It has to be caught here: Typer makes a silent exit of Ctrl-C.
    """

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        with _terminating(), telling(lambda: USUAL.get(name, "Stopped.").format(**kwargs)):
            command(*args, **kwargs)

    return told


def whole(path: Path, mark: Path | None = None) -> Callable[[], str]:
    """What to say of what is made whole or not at all, by whether `mark`, or it, has changed."""
    mark = mark or path
    before = _sign(mark)

    def words() -> str:
        if (now := _sign(mark)) != before:
            return f"Stopped, but {path} is written, and whole."
        if now is None:
            return f"Stopped; nothing of {path} is made. Give the command again to begin anew."
        return f"Stopped; {path} is as it was before."

    return words


def made(root: Path) -> Callable[[], str]:
    """What to say of a workspace that is made in a folder, which may be there already."""
    return whole(root, root / MARKER)


def _sign(path: Path) -> tuple[int, int] | None:
    """What tells a file or folder from another that takes its place; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, 0 if path.is_dir() else found.st_mtime_ns
