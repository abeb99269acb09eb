"""What belongs together, such as the images of a patient: by a column, the folder, or the name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from annotator.errors import ImportingError
from annotator.importing.found import Found, Telling
from annotator.importing.source import PAGE, Item
from annotator.model import Refused

PARENT = "parent"

SALTED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{32}")  # what a group is called here

Rule = Callable[[str], str]  # the name of an image -> what it belongs to, or nothing


def grouped(found: Iterable[Item], source: Path, wanted: str | None) -> Iterator[Item]:
    """Tell the group of each image whose row does not tell it.

    Raises:
        ImportingError: it is neither a folder nor a pattern.
    """
    if wanted is None:
        yield from found
        return
    rule = rule_of(wanted, source)
    for item in found:
        if not isinstance(item, Refused) and not item.told.group:
            item = replace(item, told=replace(item.told, group=rule(item.name)))
        yield item


def rule_of(wanted: str, source: Path) -> Rule:
    """How a name tells the group.

    By its folder alone, not by the whole way there: then a patient is the same whichever folder
    above an import begins at.

    Raises:
        ImportingError: the pattern cannot be read.
    """
    top = source.name if source.is_dir() else source.parent.name
    if wanted == PARENT:
        return lambda name: PurePosixPath(name).parent.name or top
    try:
        pattern = re.compile(wanted)
    except re.error as problem:
        raise ImportingError(
            f"No group can be told by '{wanted}': as a pattern it has a mistake ({problem}). {WAYS}"
        ) from problem

    def by_pattern(name: str) -> str:
        match = pattern.search(name)
        return (match[1] if pattern.groups else match[0]) or "" if match else ""

    return by_pattern


WAYS = (
    "Name a column of the table, `parent` for the folder of each image, or a pattern (a regular "
    r"expression) of which the first bracket is the group, such as `(patient\d+)_`."
)


def in_words(found: Found, source: Path, wanted: str | None) -> str:
    """By what the images were found to belong together; empty if none does.

    Raises:
        ImportingError: it was asked for, and no image belongs to anything.
    """
    told = [(name, each.group) for all_ in found.told.values() for name, each in all_ if each.group]
    if wanted is None:
        return "by what the source itself says" if told else ""
    if not told and (found.images or found.duplicates):
        raise ImportingError(
            f"No image has a group: '{wanted}' is no column that was found, and as a pattern it "
            f"fits no name. {WAYS}"
        )
    rule = rule_of(wanted, source)
    if wanted == PARENT:
        return "by the folder of each image"
    if any(rule(name.rpartition(PAGE)[0] or name) == group for name, group in told):
        return f"by the pattern '{wanted}' in names"
    return f"by the column '{wanted}'"


def salted(told: Mapping[str, Sequence[Telling]], secret: bytes) -> dict[str, str]:
    """SHA-256 of each image that belongs to something -> what that is called here.

    The name says nothing to who has not the secret; its first part tells which secret it was. What
    an export of ours calls a group is such a name already, and stays it.
    """
    found = {}
    for sha256, tellings in told.items():
        groups = [each.group for _, each in tellings if each.group]
        if groups:
            found[sha256] = groups[0] if SALTED.fullmatch(groups[0]) else _called(groups[0], secret)
    return found


def _called(group: str, secret: bytes) -> str:
    return f"{_digest('', secret, 4)}-{_digest(group, secret, 16)}"


def unlike(here: Iterable[str], new: Iterable[str]) -> bool:
    """Whether they were not all called with one secret: then one patient may be two groups."""
    before, now = ({name.partition("-")[0] for name in names} for names in (here, new))
    return bool(before and now) and len(before | now) > 1


def _digest(text: str, secret: bytes, size: int) -> str:
    key = hashlib.sha256(b"group" + secret).digest()
    same = normalize("NFC", text.strip()).encode()
    return hashlib.blake2b(same, digest_size=size, key=key).hexdigest()
