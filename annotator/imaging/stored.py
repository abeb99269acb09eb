"""Bytes of a stored image: what its name says they are, or an error with the way out."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from annotator.errors import WorkspaceError

CONTENT = re.compile(r"[0-9a-f]{64}")  # an image of a workspace is named by its SHA-256
AGAIN = "Import its source again: what is missing or damaged is restored."


class Damaged(WorkspaceError):
    """The file of an image is gone, or no longer what was imported."""


def content(path: Path) -> bytes:
    """Read a stored image; a file that is named by a SHA-256 must hold just those bytes.

    So an image that was replaced or damaged on the disk is never seen, learned from or exported
    as the one that was labeled.

    Raises:
        Damaged: it is gone, cannot be read, or holds other bytes.
    """
    try:
        found = path.read_bytes()
    except OSError as problem:
        raise Damaged(f"The image {path} cannot be read ({problem.strerror}). {AGAIN}") from problem
    if CONTENT.fullmatch(path.stem) and hashlib.sha256(found).hexdigest() != path.stem:
        raise Damaged(f"The image {path} is damaged or was replaced. {AGAIN}")
    return found
