"""Giving each image its vector: nothing is guessed, and what does not fit is refused whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from annotator.errors import ImportingError, WorkspaceError
from annotator.importing.embeddings.read import Read, read
from annotator.model import EmbeddingsReport
from annotator.project import Workspace, own
from annotator.store.columns.names import Names

SHOWN = 3  # of many names
CHUNK = 1_024  # rows judged together


def take(workspace: Workspace, images: Names, file: Path, name: str) -> EmbeddingsReport:
    """Import embeddings under a name, beside those that it has already.

    Raises:
        ImportingError: rows that cannot be matched or differ from what is there, numbers that are
            none, or another width; nothing is kept then.
        WorkspaceError: what is there is damaged, or the workspace cannot be written.
    """
    if not own.NAME.fullmatch(name):
        raise ImportingError(
            f"'{name}' is no name for embeddings: letters, digits, '-' and '_', 40 at most."
        )
    if not images:
        raise ImportingError("There are no images yet. Import them first, then their embeddings.")
    found = read(file.expanduser().absolute())
    vectors = _checked(file, found.vectors)
    rows, unknown = _matched(file, found, images)
    before = own.load(workspace.own, name) if name in own.names(workspace.own) else None
    kept = dict(zip(before.hashes, before.vectors, strict=True)) if before else {}
    _check_fit(file, name, kept, rows, vectors)
    kept |= {sha256: vectors[row] for sha256, row in rows.items()}
    try:
        own.save(workspace.own, name, kept)
    except OSError as problem:
        raise WorkspaceError(
            f"Cannot keep the embeddings in {workspace.own}: {problem.strerror or problem}. Make "
            "room, or give yourself the right to write there."
        ) from problem
    both = zip(images.names, images.hashes, strict=True)
    missing = tuple(called for called, sha256 in both if sha256 not in kept)
    return EmbeddingsReport(
        name, vectors.shape[1], len(rows), len(images), unknown, missing, found.told
    )


def _checked(file: Path, vectors: NDArray[np.generic]) -> NDArray[np.float32]:
    """The vectors as (N, D) float32.

    Raises:
        ImportingError: another shape, no numbers, or numbers that are not finite.
    """
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise ImportingError(
            f"The embeddings in {file} are {vectors.shape}; they must be (images, numbers each)."
        )
    if vectors.dtype.kind not in "fiu":
        raise ImportingError(f"The embeddings in {file} are {vectors.dtype}, which is no number.")
    with np.errstate(over="ignore"):  # what is too large is found below
        numbers = np.asarray(vectors, np.float32)
    told = False
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        bad = ~np.isfinite(part).all(1)
        if bad.any():
            row = start + int(bad.argmax())
            raise ImportingError(
                f"Row {row + 1} of {file} holds NaN, infinity, or a number that 32 bits cannot "
                "hold. Compute it again, or leave the row out."
            )
        told = told or bool(part.any())
    if not told:
        raise ImportingError(f"All embeddings in {file} are zeros, so they tell nothing apart.")
    return numbers


def _matched(file: Path, found: Read, images: Names) -> tuple[dict[str, int], tuple[str, ...]]:
    """{SHA-256: row}, and the keys that are no image's.

    Raises:
        ImportingError: rows that may be of several images, several of one, or none of any.
    """
    if found.by == "place":
        if len(found.vectors) != len(images):
            raise ImportingError(
                f"{file} has {len(found.vectors):,} rows and there are {len(images):,} images, so "
                "their order tells nothing. Put their names beside it: "
                f"{file.with_suffix('.txt').name}, one a line."
            )
        return {sha256: row for row, sha256 in enumerate(images.hashes)}, ()
    twice = [key for key, count in Counter(found.keys).items() if count > 1]
    if twice:
        raise ImportingError(
            f"{file} has more than one row for {_named(twice)}. Leave one of each."
        )
    if found.by == "sha256":
        known = {sha256: [sha256] for sha256 in images.hashes}
    else:
        known = {}
        for called, sha256 in zip(images.names, images.hashes, strict=True):
            known.setdefault(normalize("NFC", called), []).append(sha256)
    same = str.lower if found.by == "sha256" else partial(normalize, "NFC")
    keys = [same(key) for key in map(str, found.keys)]
    shared = [key for key in keys if len(known.get(key, ())) > 1]
    if shared:
        raise ImportingError(
            f"More than one image is called {_named(shared)}. Name rows by 'sha256' instead: an "
            "export has it for each image."
        )
    rows = {known[key][0]: row for row, key in enumerate(keys) if key in known}
    unknown = tuple(key for key in keys if key not in known)
    if not rows:
        raise ImportingError(
            f"None of the {len(keys):,} rows of {file} is about an image here; they are called "
            f"{_named(keys)}, images {_named(images.names)}."
        )
    return rows, unknown


def _check_fit(
    file: Path,
    name: str,
    kept: dict[str, NDArray[np.float32]],
    rows: dict[str, int],
    vectors: NDArray[np.float32],
) -> None:
    """Refuse what contradicts the embeddings of that name that are there."""
    if not kept:
        return
    width = len(next(iter(kept.values())))
    other = "Import them under another name: `--as NAME`."
    if width != vectors.shape[1]:
        raise ImportingError(
            f"{file} has {vectors.shape[1]:,} numbers an image, and the embeddings '{name}' that "
            f"are there have {width:,}. {other}"
        )
    changed = [
        sha256
        for sha256, row in rows.items()
        if sha256 in kept and not np.array_equal(kept[sha256], vectors[row])
    ]
    if changed:
        raise ImportingError(
            f"{len(changed):,} images have other numbers in {file} than in the embeddings '{name}' "
            f"that are there. {other}"
        )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{each}'" for each in names[:SHOWN])
    more = len(names) - SHOWN
    return shown + (f" and {more:,} more" if more > 0 else "")
