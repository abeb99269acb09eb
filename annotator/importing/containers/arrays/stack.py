"""The rows of an array on disk, a few in memory at a time: of a `.npy` file or within a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from annotator.errors import SPOILT_ZIP, ImportingError
from annotator.importing.containers.arrays.picture import of

SUFFIX = ".npy"
SMALL = 1 << 28  # bytes of an array that is read as a whole: labels, names
CUT = (OSError, *SPOILT_ZIP)


@dataclass(frozen=True, slots=True)
class Stack:
    """One array: where it is, and what its header says. Nothing is ever unpickled."""

    path: Path
    member: str  # its name in a `.npz` file; empty for a `.npy` file
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool  # in the order of Fortran

    @property
    def name(self) -> str:
        return of(self.path, self.member)

    def rows(self) -> Iterator[NDArray[Any]]:
        """Yield each row.

        Raises:
            ImportingError: the file is cut or damaged, or the rows of a zipped array are strewn.
        """
        try:
            if not self.member:
                yield from np.load(self.path, mmap_mode="r", allow_pickle=False)
                return
            yield from self._zipped()
        except CUT as problem:
            raise ImportingError(
                f"{self.name} is cut or damaged ({problem}). Save or download it again."
            ) from problem

    def _zipped(self) -> Iterator[NDArray[Any]]:
        if self.by_columns:
            raise ImportingError(
                f"{self.name} lies in the order of Fortran, so that no image is in one piece. Save "
                "`np.ascontiguousarray(images)`."
            )
        size = int(np.prod(self.shape[1:])) * self.dtype.itemsize
        with zipfile.ZipFile(self.path) as archive, archive.open(f"{self.member}{SUFFIX}") as file:
            _header(file)
            for _ in range(self.shape[0]):
                content = file.read(size)
                if len(content) < size:
                    raise EOFError("it ends early")
                yield np.frombuffer(content, self.dtype).reshape(self.shape[1:])
            file.read(1)  # the end, where the checksum is compared

    def whole(self) -> NDArray[Any]:
        """All of a small array in a `.npz` file.

        Raises:
            ImportingError: it is not small, or the file is cut or damaged.
        """
        if int(np.prod(self.shape)) * self.dtype.itemsize > SMALL:
            raise ImportingError(f"{self.name} is too large for labels or names: {self.shape}.")
        try:
            with np.load(self.path, allow_pickle=False) as found:
                array: NDArray[Any] = found[self.member]
        except CUT as problem:
            raise ImportingError(
                f"{self.name} is cut or damaged ({problem}). Save or download it again."
            ) from problem
        return array


def one(path: Path) -> Stack:
    """The array of a `.npy` file.

    Raises:
        ImportingError: it is none.
    """
    with _telling(path), path.open("rb") as file:
        return _stack(path, "", file)


def several(path: Path) -> dict[str, Stack]:
    """The arrays of a `.npz` file by name.

    Raises:
        ImportingError: it is none.
    """
    found = {}
    with _telling(path), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(SUFFIX):
                with archive.open(name) as file:
                    member = name.removesuffix(SUFFIX)
                    found[member] = _stack(path, member, file)
    return found


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except CUT as problem:
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise ImportingError(
            f"{path} is no array of numpy that can be read ({why}). Save or download it again."
        ) from problem


def _stack(path: Path, member: str, file: IO[bytes]) -> Stack:
    shape, by_columns, dtype = _header(file)
    return Stack(path, member, shape, dtype, by_columns)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read up to where the numbers begin."""
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_columns, dtype = read(file)
    return tuple(shape), bool(by_columns), dtype
