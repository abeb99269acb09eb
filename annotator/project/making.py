"""A folder that is being made: claimed by one process, cleared if that ends before it is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.project.leftovers import NAME

CLAIM = ".making"  # locked by the process that makes the folder; a lock ends with its process


@contextmanager
def made_whole(root: Path, parts: Collection[str]) -> Iterator[None]:
    """Let the body fill `root`, a new or empty folder; clear it again if the body fails.

    A process that is killed cannot clear: its claim stays, and the next one that comes clears what
    it left. `parts` are the names that the body may make.

    Raises:
        WorkspaceError: the folder holds other things, or another process is making it.
        OSError: it cannot be written.
    """
    is_new = not root.exists()
    root.mkdir(private.FOLDER, parents=True, exist_ok=True)
    with _claim(root, parts):
        try:
            yield
        except BaseException:
            _clear(root, parts)
            (root / CLAIM).unlink(missing_ok=True)
            if is_new:
                with suppress(OSError):
                    root.rmdir()
            raise
        (root / CLAIM).unlink()


@contextmanager
def _claim(root: Path, parts: Collection[str]) -> Iterator[None]:
    found = {each.name for each in root.iterdir()}
    strange = {name for name in found if name not in parts and not NAME.fullmatch(name)}
    if found and (CLAIM not in found or strange != {CLAIM}):
        raise WorkspaceError(
            f"{root} is not empty. A workspace needs a folder of its own: name a new one, "
            f"such as {root / 'workspace'}."
        )
    claim = os.open(root / CLAIM, os.O_WRONLY | os.O_CREAT, private.FILE)
    try:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise WorkspaceError(
                f"Another process is making {root}. Wait for it, or name another folder."
            ) from problem
        _clear(root, parts)
        yield
    finally:
        os.close(claim)


def _clear(root: Path, parts: Collection[str]) -> None:
    written = [path.name for path in root.iterdir() if NAME.fullmatch(path.name)]
    for path in (root / name for name in (*parts, *written)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
