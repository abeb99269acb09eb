"""The file that a container names: below its folder, also where only a part of the way is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from annotator.importing.containers.folder import LINK
from annotator.importing.source import Absent
from annotator.importing.tables.files import inside, spellings
from annotator.model import Refused, Told
from annotator.project.within import within

SHOWN = 4  # places that a refusal names


@dataclass(frozen=True, slots=True)
class Unfound(Refused):
    """There is no such file; one of these names may be that of an image of the workspace."""

    spelled: tuple[str, ...] = ()


def without(found: Refused, told: Told, sha256: str = "") -> Absent | Refused:
    """What is told of an image whose file is not taken, where it may be known by its name."""
    if isinstance(found, Unfound):
        return Absent(found.name, sha256, told, found.reason, found.spelled)
    return found


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
    spelled = tuple(each for place in tried for each in spellings(place))
    if not any(inside(folder, place) for place in tried):
        why = f"outside {folder}, which is as far as is read; move it there"
        return Unfound(name, why, spelled=spelled)
    looked = ", ".join(tried[:SHOWN]) + (" and shorter ones" if len(tried) > SHOWN else "")
    return Unfound(name, f"no such file; looked in {folder} for {looked}", spelled=spelled)


def is_file(path: Path) -> bool:
    """Whether there is a file that may be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
