"""The files of images in their order: paths that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

from typing_extensions import override

from annotator.project.names import Names
from annotator.project.workspace import Workspace


class Stored(Sequence[Path]):
    """File i is that of row i.

    Args:
        workspace: whose images they are.
        paths: below the workspace.
    """

    def __init__(self, workspace: Workspace, paths: Sequence[str]) -> None:
        self._workspace, self._paths = workspace, paths

    @override
    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, place: int) -> Path: ...

    @overload
    def __getitem__(self, place: slice) -> list[Path]: ...

    @override
    def __getitem__(self, place: int | slice) -> Path | list[Path]:
        """The path, or the paths, of these rows.

        Raises:
            WorkspaceError: a path leads out of the images folder.
        """
        if isinstance(place, slice):
            return [self._workspace.image_path(each) for each in self._paths[place]]
        return self._workspace.image_path(self._paths[place])

    @cached_property
    def names(self) -> Names:
        """What the names of the files come to."""
        return Names(each.rpartition("/")[2] for each in self._paths)

    def suffixes(self) -> Iterator[str]:
        """How each name ends, such as ".png"."""
        for each in self._paths:
            yield _suffix(each)


def names(files: Sequence[Path]) -> Names:
    """What the names of files come to."""
    return files.names if isinstance(files, Stored) else Names(path.name for path in files)


def suffixes(files: Sequence[Path]) -> Iterator[str]:
    """How the name of each file ends."""
    return files.suffixes() if isinstance(files, Stored) else (path.suffix for path in files)


def _suffix(path: str) -> str:
    stem, dot, end = path.rpartition("/")[2].rpartition(".")
    return dot + end if stem and end else ""
