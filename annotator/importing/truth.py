"""The true labels of images, from a table: for simulations, never for the workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.tables import opened
from annotator.importing.tables.columns import LABEL
from annotator.importing.tables.files import Files, UnfoundError
from annotator.importing.tables.own import PSEUDO, UnclearError
from annotator.importing.tables.reading import Reading
from annotator.importing.tables.table import Row
from annotator.model import Told

SHA256 = "sha256"


def read_truth(truth: Path, sha256_of: Mapping[str, str]) -> dict[str, str]:
    """Read `path,label` or `sha256,label` into {SHA-256: label}.

    A path is first looked up among `sha256_of`, the names of known images; a path that is no such
    name is a file relative to the table, known by its content. What a model labeled is no truth.

    Raises:
        ImportingError: a column is absent, a row cannot be read, or no row is about an image of
            `sha256_of`.
    """
    table = opened(truth)
    by_hash = SHA256 in table.columns
    reading = Reading(table, key=SHA256 if by_hash else None)
    if reading.label is None:
        raise ImportingError(f"{truth}: {unknown('column', LABEL, filter(None, table.columns))}")
    known, files = set(sha256_of.values()), Files(truth.parent)
    labels = {}
    for row in table.rows():
        told = _told(reading, row)
        key = row.cells[reading.path]
        sha256 = key.strip() if by_hash else _content(files, key, sha256_of)
        if sha256 in known and told.label and told.given.source != PSEUDO:
            labels[sha256] = told.label
    if not labels:
        raise ImportingError(
            f"{truth} labels none of the {len(known)} images here. Its column "
            f"'{table.columns[reading.path]}' must hold names as they were imported, paths "
            "relative to the table, or SHA-256 sums."
        )
    return labels


def _told(reading: Reading, row: Row) -> Told:
    """What a row says; a table of truth has none that cannot be read."""
    try:
        return reading.told(row)
    except UnclearError as problem:
        table = reading.table
        raise ImportingError(f"{table.path}, {table.at(row.number)}: {problem}.") from problem


def _content(files: Files, name: str, sha256_of: Mapping[str, str]) -> str:
    """The SHA-256 of the image that a row names; empty if there is none."""
    for known in (name, name.strip()):
        if known in sha256_of:
            return sha256_of[known]
    try:
        return hashlib.sha256(files.path(name).read_bytes()).hexdigest()
    except (UnfoundError, OSError):  # no such file, or one that cannot be read
        return ""
