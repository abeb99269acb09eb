"""The file that a container names: below its folder, also where only a part of the way is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from annotator.importing.containers.folder import LINK
from annotator.importing.tables.files import inside
from annotator.model import Refused
from annotator.project.within import within

SHOWN = 4  # places that a refusal names


def shorter(name: str) -> Iterator[str]:
    """A path, then the same without its first folder, and so on down to the file's own name."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part != "/"]
    yield from ("/".join(parts[first:]) for first in range(len(parts)))


def file_of(folder: Path, name: str, places: Iterable[str], *, links: bool) -> Path | Refused:
    """The first of these places below `folder` where there is a file, or why none is taken.

    Args:
        folder: of the container; nothing outside it is read.
        name: what the container calls the file.
        places: paths to try, relative to the folder.
        links: whether a link may lead out of the folder.
    """
    tried = list(dict.fromkeys(places))
    for place in tried:
        path = inside(folder, place)
        if path is None or not is_file(path):
            continue
        if not links and within(path, [folder]) is None:
            return Refused(name, LINK)
        return path
    if not any(inside(folder, place) for place in tried):
        return Refused(name, f"outside {folder}, which is as far as is read; move it there")
    looked = ", ".join(tried[:SHOWN]) + (" and shorter ones" if len(tried) > SHOWN else "")
    return Refused(name, f"no such file; looked in {folder} for {looked}")


def is_file(path: Path) -> bool:
    """Whether there is a file that may be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
