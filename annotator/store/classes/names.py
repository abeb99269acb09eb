"""The one name of a class: how it is written decides whether two names are one."""

from __future__ import annotations

from unicodedata import normalize

from annotator.errors import AnnotatorError

LONGEST_NAME = 80  # characters


def tidy(name: str) -> str:
    """The name by which a class is known: composed letters (NFC), no blanks around or in a row.

    Case is kept: A and a are two classes.

    Raises:
        AnnotatorError: nothing is left of it, or it is too long.
    """
    name = " ".join(normalize("NFC", name).split())
    if not name or len(name) > LONGEST_NAME:
        raise AnnotatorError(
            f"A class name has 1 to {LONGEST_NAME} characters; this one has {len(name)}."
        )
    return name
