"""The one name of a class: how it is written decides whether two names are one, or read alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category, normalize

from annotator.errors import AnnotatorError

LONGEST_NAME = 80  # characters
# Between two words; a sign at an end, or before a number that follows a blank, means something
BETWEEN = re.compile(r"(?<=[^\W_])(?:[\s_]+|[-\u2010-\u2015]+)(?=[^\W_])")


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


def folded(name: str) -> str:
    """What is left of a name for the eye: no case, one form of each letter, one sign between words.

    Two classes may be one in this: it is said, as only who names them knows what they mean.
    """
    seen = "".join(sign for sign in normalize("NFKC", name) if category(sign) != "Cf")
    return BETWEEN.sub(" ", " ".join(normalize("NFKC", seen.casefold()).split()))


def alike(here: Iterable[str], new: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each new class, and another that reads like it: see `folded`."""
    known: dict[str, str] = {}
    wanted = sorted(new)
    pairs = []
    for name in (*here, *wanted):
        first = known.setdefault(folded(name), name)
        if first != name and name in wanted:
            pairs.append((name, first))
    return tuple(pairs)
