"""Embeddings that were computed elsewhere: kept by the content of their images, never recomputed.

A note `NAME.json` names the file of a set and its checksum; it is written last, so that a reader
finds the whole old set or the whole new one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.project.files import keep_names, replacing

Vectors = NDArray[np.float32]

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
CHUNK = 1_024  # rows looked at together
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Own:
    """One set of embeddings."""

    name: str
    hashes: Sequence[str]  # SHA-256 of each image, ascending
    vectors: Vectors  # (N, D) float32, memory-mapped
    digest: str  # of both


def names(folder: Path) -> list[str]:
    """The sets that there are."""
    if not folder.is_dir():
        return []
    return sorted(path.stem for path in folder.glob("*.json") if NAME.fullmatch(path.stem))


def load(folder: Path, name: str) -> Own:
    """Read a set.

    Raises:
        WorkspaceError: it is not there, or not as it was written.
    """
    again = f"Import it again: `certilabel import WORKSPACE --embeddings FILE --as {name}`."
    if name not in names(folder):
        raise WorkspaceError(f"There are no imported embeddings called '{name}' here. {again}")
    try:
        note = json.loads((folder / f"{name}.json").read_text())
        rows = np.load(folder / str(note["file"]), mmap_mode="r", allow_pickle=False)
        hashes = [each.decode("ascii") for each in rows["sha256"].tolist()]
        vectors: Vectors = rows["vector"]
        found = Own(name, hashes, vectors, str(note["digest"]))
        right = _digest(hashes, vectors) == found.digest
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise WorkspaceError(
            f"The imported embeddings '{name}' cannot be read ({problem}). {again}"
        ) from problem
    if not right:
        raise WorkspaceError(
            f"The imported embeddings '{name}' are not what was imported: their file was cut or "
            f"changed. {again}"
        )
    return found


def save(folder: Path, name: str, vectors: dict[str, Vectors]) -> Own:
    """Keep a set, {SHA-256: (D,) float32}, in place of one of that name.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    hashes = sorted(vectors)
    width = len(next(iter(vectors.values())))
    kind = np.dtype([("sha256", "S64"), ("vector", "<f4", (width,))])
    rows = np.empty(len(hashes), kind)
    rows["sha256"] = [each.encode("ascii") for each in hashes]
    for place, each in enumerate(hashes):
        rows["vector"][place] = vectors[each]
    digest = _digest(hashes, rows["vector"])
    folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
    file = folder / f"{name}-{digest}.npy"
    with replacing(file) as target:
        np.save(target, rows, allow_pickle=False)
    keep_names([folder])
    note = {"file": file.name, "digest": digest, "rows": len(hashes), "width": width}
    with replacing(folder / f"{name}.json") as target:
        target.write(json.dumps(note).encode())
    keep_names([folder])
    for old in _files(folder, name):
        if old != file:
            with suppress(OSError):
                old.unlink()
    return load(folder, name)


def size(folder: Path, name: str) -> tuple[int, int]:
    """How many images a set has, and how many numbers each, by its note; zeros if it is gone."""
    try:
        note: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
        return int(note["rows"]), int(note["width"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _files(folder: Path, name: str) -> Iterator[Path]:
    pattern = re.compile(re.escape(name) + rf"-[0-9a-f]{{{2 * DIGEST_BYTES}}}\.npy")
    return (path for path in list(folder.iterdir()) if pattern.fullmatch(path.name))


def _digest(hashes: Sequence[str], vectors: Vectors) -> str:
    found = hashlib.blake2b("\n".join(hashes).encode(), digest_size=DIGEST_BYTES)
    found.update(repr(vectors.shape).encode())
    for start in range(0, len(vectors), CHUNK):
        found.update(np.ascontiguousarray(vectors[start : start + CHUNK], "<f4").tobytes())
    return found.hexdigest()
