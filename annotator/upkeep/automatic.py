"""Backups that make themselves: after every so many labels, beside the work, a bounded number."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.project import Workspace, private
from annotator.store import Store
from annotator.upkeep.backup import back_up

NAME = re.compile(r"labels-(\d+)\.zip")  # with the number of the newest event that is in it
LOOK_SECONDS = 5.0
PATIENCE = 2  # times as many labels as else come before one is made beside a job
RETRY_SECONDS = 60.0  # after one that failed, as on a full disk


@contextmanager
def keeping(workspace: Workspace) -> Iterator[None]:
    """Make backups whenever they are due, in a thread that disturbs nobody, while the body runs."""
    stop = threading.Event()

    def keep() -> None:
        wait = 0.0
        while not stop.wait(wait):
            wait = LOOK_SECONDS if _tried(workspace) else RETRY_SECONDS

    thread = threading.Thread(target=keep, name="backups", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _tried(workspace: Workspace) -> bool:
    """Make a backup if one is due; a failure is written to the log and harms nothing else."""
    store = None
    try:
        store = Store(workspace.database)
        if made := make_if_due(workspace, store):
            workspace.log.write("backup made", file=made.name, bytes=made.stat().st_size)
    except Exception as problem:
        workspace.log.failure("backup failed", problem)
        return False
    finally:
        if store is not None:
            store.db.close()
    return True


def make_if_due(workspace: Workspace, store: Store) -> Path | None:
    """Back the database up if enough labels have come since the last time, and thin out.

    Images are not in it: they never change, and lie beside it. While a job runs or waits, more
    labels have to come.

    Raises:
        WorkspaceError: it cannot be written, or the database is damaged.
    """
    settings = store.settings.get()
    newest = store.labels.watermark()
    last = max((n for n in map(number, made(workspace)) if n <= newest), default=0)
    every = settings.backup_every
    if store.jobs.active() is not None:  # of a large pool it takes what the job is to have
        every *= PATIENCE
    if not every or store.labels.given(after=last) < every:
        return None
    workspace.backups.mkdir(private.FOLDER, exist_ok=True)
    target = workspace.backups / f"labels-{newest}.zip"
    back_up(workspace, target, with_images=False)
    _last(target, made(workspace))
    for old in made(workspace)[: -settings.backups_kept]:
        old.unlink(missing_ok=True)
    return target


def _last(target: Path, all_: list[Path]) -> None:
    """Date a new backup after all others: a clock that was put back would make it the oldest."""
    dates = [each.stat().st_mtime for each in all_ if each != target]
    if dates and (latest := max(dates)) >= target.stat().st_mtime:
        os.utime(target, (latest + 1, latest + 1))


def made(workspace: Workspace) -> list[Path]:
    """The backups that made themselves, oldest first."""
    found = [each for each in workspace.backups.glob("labels-*.zip") if NAME.fullmatch(each.name)]
    times = {}
    for each in found:
        try:
            times[each] = each.stat().st_mtime
        except FileNotFoundError:  # another worker was quicker
            continue
    return sorted(times, key=times.__getitem__)


def number(path: Path) -> int:
    """The newest event that a backup has, by its name."""
    match = NAME.fullmatch(path.name)
    assert match
    return int(match[1])
