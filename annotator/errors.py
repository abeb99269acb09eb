"""What can go wrong, in words that name the thing, the choices and the way out."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from difflib import get_close_matches

# What a file that is no zip archive, or a damaged one, may make the reader of archives raise
SPOILT_ZIP = (
    EOFError,
    KeyError,
    NotImplementedError,  # a damaged head asks for a way of packing that there is not
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class AnnotatorError(Exception):
    """Something the user can mend; its message says how."""


class SettingsError(AnnotatorError):
    """Settings that cannot be, all of them at once.

    Attributes:
        refused: the names that each refusal is about, and what is wrong with them.
    """

    def __init__(self, refused: Iterable[tuple[tuple[str, ...], str]]) -> None:
        self.refused = tuple(refused)
        super().__init__(" ".join(why for _, why in self.refused))


class WorkspaceError(AnnotatorError):
    """The workspace is missing, damaged or of another version."""


class StoreError(WorkspaceError):
    """The database is missing or damaged, or cannot be read or written now.

    Nothing was written, unless the message says how much.
    """


class PartlyInError(StoreError):
    """An import ended in the middle: what is in is whole, and the message says how much that is."""


class ImportingError(AnnotatorError):
    """Nothing could be imported from the source."""


class NotAllowedError(AnnotatorError):
    """Somebody asked for what their role does not let them do; the message names who may."""


class RoundError(AnnotatorError):
    """A round cannot start or go on."""


class ExportError(AnnotatorError):
    """The data set cannot be written."""


def unknown(kind: str, name: str, choices: Iterable[str]) -> str:
    """Say that `name` is no `kind`, guess what was meant, and list the choices."""
    known = sorted(choices)
    guess = get_close_matches(name, known, n=1)
    meant = f" Did you mean '{guess[0]}'?" if guess else ""
    return f"No {kind} named '{name}'.{meant} Choose one of: {', '.join(known)}."
