"""The way back to a database that is lost: the command that restores the newest backup."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path

KINDS = ("labels-*.zip", "*.db")  # that made themselves: after so many labels, before a new schema


def newest(root: Path) -> Path | None:
    """The newest backup that lies in a workspace; None if there is none."""
    times = {}
    for path in (each for kind in KINDS for each in (root / "backups").glob(kind)):
        with suppress(OSError):  # a worker has just removed it
            times[path] = path.stat().st_mtime
    return max(times, key=times.__getitem__, default=None)


def way_back(root: Path) -> str:
    """What to do where the database of a workspace is lost, in a sentence."""
    found = newest(root)
    place = shlex.quote(str(root))
    if found is None:
        return (
            "There is no backup in it: bring one of yours back with `certilabel restore BACKUP.zip "
            f"{place} --replace`."
        )
    return (
        f"End everything that uses it, then `certilabel restore {shlex.quote(str(found))} {place} "
        "--replace` brings the newest backup back and keeps this folder beside it."
    )
