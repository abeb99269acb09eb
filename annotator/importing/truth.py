"""The true labels of images, from a CSV file: for simulations, never for the workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from annotator.errors import ImportingError, unknown
from annotator.importing.containers import table


def read_truth(truth: Path, sha256_of: Mapping[str, str]) -> dict[str, str]:
    """Read `path,label` or `sha256,label` into {SHA-256: label}.

    A path is first looked up among `sha256_of`, the names of known images; a path that is no such
    name is a file relative to the CSV, known by its content.

    Raises:
        ImportingError: a column is absent, or no row is about an image of `sha256_of`.
    """
    columns, lines = table.read(truth)
    key = "sha256" if "sha256" in columns else table.PATH
    for wanted in (key, table.LABEL):
        if wanted not in columns:
            raise ImportingError(f"{truth}: {unknown('column', wanted, columns)}")
    known = set(sha256_of.values())
    labels = {}
    for _, line in lines:
        sha256 = line[key] if key == "sha256" else _content(truth.parent, line[key], sha256_of)
        if sha256 in known and line[table.LABEL]:
            labels[sha256] = line[table.LABEL]
    if not labels:
        raise ImportingError(
            f"{truth} labels none of the {len(known)} images here. Its column '{key}' must hold "
            "names as they were imported, paths relative to the CSV, or SHA-256 sums."
        )
    return labels


def _content(folder: Path, name: str, sha256_of: Mapping[str, str]) -> str:
    """The SHA-256 of the image that a row names; empty if there is none."""
    if name in sha256_of:
        return sha256_of[name]
    path = table.inside(folder, name)
    if path is None:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):  # no such file, or a name that no file can have
        return ""
