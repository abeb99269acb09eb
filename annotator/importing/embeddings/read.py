"""The vectors of a file, and what each is said to be about: a path, a SHA-256, or its place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from annotator.errors import SPOILT_ZIP, ImportingError

By = Literal["sha256", "path", "place"]
KEYS: dict[str, By] = {
    "sha256": "sha256",
    "path": "path",
    "name": "path",
    "file_name": "path",
    "filename": "path",
}
VECTORS = ("embedding", "embeddings", "vector", "vectors", "features")
# Columns of data frames beside a vector: an order, or the very answer
ABOUT = ("", "class", "fold", "id", "index", "label", "labels", "split", "target", "unnamed: 0")
NAMES = (".txt", ".names")  # beside a `.npy` file: a name a line
SPOILT = (OSError, *SPOILT_ZIP, pa.ArrowException, csv.Error)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds."""

    by: By  # how its rows say which image they are about
    keys: Sequence[str]  # one a row; empty where it is the place
    vectors: NDArray[Any]  # (N, D), numbers of any kind
    told: str  # how the rows are matched, in words


def read(path: Path) -> Read:
    """Read a file of embeddings by its suffix.

    Raises:
        ImportingError: it cannot be read, has no vectors, or does not say which image each is
            about.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ImportingError(f"{path} is none of {', '.join(READERS)}. {_needs()}")
    try:
        found = reader(path)
    except SPOILT as problem:
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise ImportingError(f"Cannot read the embeddings {path}: {why}.") from problem
    if found.by != "place" and len(found.keys) != len(found.vectors):
        raise ImportingError(
            f"{path} has {len(found.vectors):,} vectors and {len(found.keys):,} names. Each vector "
            "needs one name."
        )
    return found


def _needs() -> str:
    return (
        "Embeddings need a column 'path' or 'sha256' beside the vectors; those of a `.npy` file "
        "are in the order of a text file beside it (the same name, `.txt`), a name a line, or of "
        "the images as they were imported."
    )


def _npy(path: Path) -> Read:
    vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    beside = next((each for end in NAMES if (each := path.with_suffix(end)).is_file()), None)
    if beside is None:
        return Read("place", (), vectors, "in the order in which the images were imported")
    keys = beside.read_text(encoding="utf-8-sig").splitlines()
    return Read(_kind(keys), keys, vectors, f"by the names in {beside.name}")


def _kind(keys: Sequence[str]) -> By:
    """Whether names are sums of contents."""
    return "sha256" if all(_is_hash(each) for each in keys) else "path"


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")


def _npz(path: Path) -> Read:
    with np.load(path, allow_pickle=False) as arrays:
        column = _column(path, arrays.files)
        name = next((each for each in VECTORS if each in arrays.files), None)
        if name is None:
            raise ValueError(f"no array called {', '.join(VECTORS)}; its are {arrays.files}")
        keys = arrays[column]
        if keys.dtype.kind != "U":
            raise ValueError(f"'{column}' is {keys.dtype} and must be text: `.astype(str)`")
        return Read(KEYS[column], keys.tolist(), arrays[name], f"by '{column}'")


def _parquet(path: Path) -> Read:
    table = pq.read_table(path)
    column = _column(path, table.column_names)
    name = next((each for each in VECTORS if each in table.column_names), None)
    keys = table[column].to_pylist()
    if name is None:
        parts = _parts(table.column_names)
        vectors = np.column_stack([table[each].to_numpy() for each in parts])
        return Read(KEYS[column], keys, vectors, f"by '{column}'")
    lists = table[name].combine_chunks()
    widths = {None if each is None else len(each) for each in lists}
    if len(widths) > 1 or None in widths:
        raise ValueError(f"vectors of '{name}' differ in length, or one is missing")
    flat = lists.flatten().to_numpy(zero_copy_only=False)
    return Read(KEYS[column], keys, flat.reshape(len(keys), -1), f"by '{column}'")


def _csv(path: Path) -> Read:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        header = [each.strip() for each in next(rows, [])]
        column = _column(path, header)
        place = header.index(column)
        numbers = [header.index(name) for name in _parts(header)]
        keys: list[str] = []
        vectors = list(_numbers(rows, place, numbers, len(header), keys))
    return Read(KEYS[column], keys, np.array(vectors), f"by '{column}'")


def _numbers(
    rows: Any, place: int, numbers: Sequence[int], width: int, keys: list[str]
) -> Iterator[NDArray[np.float64]]:
    """Yield the vector of each line, and note its key."""
    for cells in rows:
        if not any(cells):
            continue
        if len(cells) != width:
            raise ValueError(f"line {rows.line_num} has {len(cells)} cells, the header {width}")
        try:
            yield np.array([float(cells[i]) for i in numbers])
        except ValueError as problem:
            raise ValueError(f"line {rows.line_num}: {problem}") from problem
        keys.append(cells[place].strip())


def _parts(columns: Sequence[str]) -> list[str]:
    """The columns that are numbers of the vector, where each has one of its own.

    Raises:
        ValueError: two are called alike, or one is about the image and would be learned from.
    """
    found = [each for each in columns if each not in KEYS]
    for each in found:
        if each.casefold() in ABOUT:
            raise ValueError(f"the column '{each}' is no part of a vector: leave it out")
    if len(set(found)) < len(found):
        raise ValueError("two columns are called alike")
    return found


def _column(path: Path, columns: Sequence[str]) -> str:
    """The column that says which image a row is about; a sum of its content before a name."""
    found = next((each for each in KEYS if each in columns), None)
    if found is None:
        raise ImportingError(f"{path} has {', '.join(columns[:8]) or 'no columns'}. {_needs()}")
    return found


READERS: dict[str, Callable[[Path], Read]] = {
    ".csv": _csv,
    ".npy": _npy,
    ".npz": _npz,
    ".parquet": _parquet,
}
