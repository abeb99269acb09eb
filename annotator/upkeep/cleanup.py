"""Removing what no later round will read, and pictures that nobody has looked at for long."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from annotator.imaging.shown.kept import bound
from annotator.project import Workspace
from annotator.store import Store

KEPT_FOLDERS = 3  # finished rounds whose weights stay
WEIGHTS = {"ssl.pt", "baseline.pt"}
ENDED = {"done", "canceled", "failed"}


def clear(workspace: Workspace, store: Store) -> None:
    """Keep the newest finished rounds' weights, and of all other rounds that ended nothing.

    A round that runs, or whose worker died, is left alone, and so is the trial before it: they go
    on from their checkpoints. Call it whenever a round may have ended: what it cannot remove now,
    or a kill spares, goes next time.
    """
    bound(workspace.shown)
    folders = list(workspace.rounds.iterdir())  # first: a job that begins now is not looked at
    states = {str(each.number): each.state for each in store.results.rounds()}
    kept = [name for name, state in states.items() if state == "done"][-KEPT_FOLDERS:]
    newest = store.jobs.last("round")  # no other can be active
    tried = workspace.trial_folder(newest.id) if newest and newest.active else None
    for folder in folders:
        if folder.name in kept:
            with suppress(OSError):  # another worker was quicker
                _strip(folder)
        elif states.get(folder.name) in ENDED or (_trial(folder) and folder != tried):
            shutil.rmtree(folder, ignore_errors=True)


def _trial(folder: Path) -> bool:
    """Whether it is a job's, from before its round began."""
    return folder.name.startswith("trial-")


def _strip(folder: Path) -> None:
    """Remove everything but weights, also what was being written when a worker died."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in WEIGHTS:
            with suppress(OSError):
                path.unlink()
