"""What can go wrong, in words that name the thing, the choices and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AnnotatorError(Exception):
    """Something the user can mend; its message says how."""


class WorkspaceError(AnnotatorError):
    """The workspace is missing, damaged or of another version."""


class StoreError(WorkspaceError):
    """The database is missing or damaged, or cannot be read or written now; nothing was written."""


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
