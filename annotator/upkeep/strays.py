"""Files that nothing in the database knows, and what killed processes have left half-written."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from annotator.project import Workspace, private
from annotator.project.leftovers import NAME, abandoned
from annotator.upkeep.archive import stale

HALF = re.compile(r"\..+\.[0-9a-f]{16}|.+\.part|\..+\.making")  # the first and last of before
OLD_SECONDS = 86_400.0  # an import writes an image, and its row a moment later
WRITTEN = ("images", "features", "rounds", "backups", "own")  # folders
ASIDE = "set-aside"


def half_written(workspace: Workspace) -> list[Path]:
    """Files and folders that a process was writing, and that nobody can be writing any more.

    A name of today says whose it is: what a living process has written for hours stays.
    """
    folders = [getattr(workspace, name) for name in WRITTEN]
    below = (path for folder in folders for path in folder.rglob("*"))
    found = (path for path in (*workspace.root.iterdir(), *below) if HALF.fullmatch(path.name))
    return sorted(
        path for path in found if (abandoned if NAME.fullmatch(path.name) else stale)(path)
    )


def unknown_images(workspace: Workspace, stored: Iterable[str]) -> list[Path]:
    """Files among the images that no row names, but for those that came today."""
    known = {workspace.image_path(each) for each in stored}
    return sorted(
        path
        for path in workspace.images.rglob("*")
        if path.is_file() and path not in known and not HALF.fullmatch(path.name) and _old(path)
    )


def unknown_rounds(workspace: Workspace, numbers: Iterable[int]) -> list[Path]:
    """Folders of rounds that the database does not have, but for those of today."""
    known = {str(number) for number in numbers}
    folders = (path for path in workspace.rounds.iterdir() if path.is_dir())
    return sorted(p for p in folders if p.name.isdecimal() and p.name not in known and _old(p))


def set_aside(workspace: Workspace, paths: Iterable[Path]) -> Path:
    """Move files out of the way, each to its own place below one folder; return the folder."""
    folder = workspace.root / ASIDE / time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for path in paths:
        target = folder / path.relative_to(workspace.root)
        target.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
        path.replace(target)
    return folder


def remove(paths: Iterable[Path]) -> None:
    """Remove files and folders; what is gone meanwhile is no matter."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(FileNotFoundError):
                path.unlink()


def _old(path: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_mtime < time.time() - OLD_SECONDS
    return False
