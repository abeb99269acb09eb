"""Class names that are another but for one letter, as a slip of the pen is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

MOST = 100  # new names that are compared; more are no list of classes
SHORTEST = 5  # letters of a word in which one letter is a slip; of shorter ones it is a difference

Pair = tuple[str, str]  # a class that is new or unknown, and another


def slips(here: Iterable[str], new: Mapping[str, int]) -> tuple[Pair, ...]:
    """Each new class, and one that is here or has more of the new labels, but for one letter."""
    if len(new) > MOST:
        return ()
    often = sorted(new, key=lambda name: (-new[name], name))
    known = [*dict.fromkeys(here), *often]  # one that was renamed may be told twice
    return tuple(
        (name, other)
        for name in often
        for other in known[: known.index(name)]
        if _is_slip(name.casefold(), other.casefold())
    )


def _is_slip(one: str, other: str) -> bool:
    """Whether all words are the same but for a letter of one, or two letters of it exchanged."""
    words = list(zip(_words(one), _words(other), strict=False))
    unlike = [pair for pair in words if pair[0] != pair[1]]
    if len(unlike) != 1 or len(_words(one)) != len(_words(other)):
        return False
    first, second = unlike[0]
    return min(len(first), len(second)) >= SHORTEST and second in _near(first, second)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+|[\W_]+", name)


def _near(word: str, other: str) -> Iterator[str]:
    """What one slip makes of a word, by the letters of another."""
    for at in range(len(word) + 1):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
        for letter in other[at : at + 1]:
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]
