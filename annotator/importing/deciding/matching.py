"""Which image of the workspace a row tells of whose file is not there: the one of its name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from annotator.importing.source import PAGE, Absent, Item
from annotator.model import Refused

Named = tuple[str, str]  # what an image is called, and its SHA-256
Images = Callable[[], Iterable[Named]]  # those of the workspace, read anew each time


@dataclass(frozen=True, slots=True)
class Known:
    """The images of a workspace, by what a row may mean one."""

    hashes: Container[str] = frozenset()  # SHA-256 of each
    images: Images = tuple

    def among(self, absent: Sequence[Absent]) -> list[bool]:
        """Which of these rows without a file are about one of them."""
        found = matched(absent, self.hashes, self.images, lambda: False)
        return [isinstance(each, Absent) and each.sha256 in self.hashes for each in found]


# Rows that are held back until all names were looked through for them: few at first, as somebody
# may wait for a count, then more, as the workspace may be large
FIRST, MOST, GROWTH = 256, 1 << 16, 4
SHOWN = 2  # images of one name that are named


@dataclass(slots=True)
class Namesakes:
    """The images that a row may mean by one spelling: the first few, and how many they are."""

    full: list[Named] = field(default_factory=list)  # called just so
    agree: list[Named] = field(default_factory=list)  # as far as both say the way to them
    pages: int = 0  # of a file that is called so, or agrees
    page: str = ""  # one of these
    apart: str = ""  # one of that file name whose folder is another

    def add(self, image: Named, spelled: str, called: str) -> None:
        """Take in an image whose file name is that of the spelling."""
        name, _, number = called.rpartition(PAGE)
        if spelled == called:
            self.full.append(image)
        elif _agree(spelled, called):
            self.agree.append(image)
        elif name and number.isdecimal() and _agree(spelled, name):
            self.pages += 1
            self.page = self.page or image[0]
        else:
            self.apart = self.apart or image[0]
        del self.full[SHOWN:], self.agree[SHOWN:]


def matched(
    found: Iterable[Item], known: Container[str], images: Images, stopping: Callable[[], bool]
) -> Iterator[Item]:
    """Yield what is found; of an absent file, the one image of its name, or why there is none.

    A name is that of an image if both are the same, else if the shorter of the two is how the
    longer one ends, folder by folder. What tells a SHA-256 is known by nothing else.
    """
    held: list[Item] = []
    room = FIRST
    for item in found:
        if not held and not _is_asked(item, known):
            yield item
            continue
        held.append(item)
        if len(held) >= room or stopping():
            yield from _told(held, known, images)
            held, room = [], min(MOST, GROWTH * room)
    yield from _told(held, known, images)


def _is_asked(item: Item, known: Container[str]) -> bool:
    return isinstance(item, Absent) and item.sha256 not in known


def _told(held: Sequence[Item], known: Container[str], images: Images) -> Iterator[Item]:
    asked = [each for each in held if isinstance(each, Absent) and _is_asked(each, known)]
    namesakes = _namesakes([each for each in asked if not each.sha256], images)
    for item in held:
        if isinstance(item, Absent) and _is_asked(item, known):
            yield _one(item, namesakes)
        else:
            yield item


def _namesakes(asked: Sequence[Absent], images: Images) -> dict[str, Namesakes]:
    """What images there are for each spelling, by one look through all names."""
    found = {_read(each): Namesakes() for absent in asked for each in absent.spelled}
    by_file: dict[str, list[str]] = {}
    for spelled in found:
        by_file.setdefault(_file(spelled), []).append(spelled)
    for name, sha256 in images() if found else ():
        called = _read(name)
        file = _file(called)
        for each in dict.fromkeys((file, file.rpartition(PAGE)[0])):
            for spelled in by_file.get(each, ()):
                found[spelled].add((name, sha256), spelled, called)
    return found


def _one(item: Absent, namesakes: dict[str, Namesakes]) -> Item:
    """The image that a row means, or why none is taken."""
    why = item.reason
    if item.sha256:
        return _refused(item, f"{why}, and no image of the workspace has the SHA-256 that it tells")
    seen = [namesakes[_read(each)] for each in item.spelled]
    full = next((each.full for each in seen if each.full), [])
    several = full or list(dict.fromkeys(image for each in seen for image in each.agree))
    if len(several) == 1:
        [(name, sha256)] = several
        return replace(item, name=name, sha256=sha256, row=item.name)
    if several:
        both = " and ".join(f"'{name}'" for name, _ in several[:SHOWN])
        return _refused(
            item,
            f"{why}, and more than one image of the workspace has this name, such as {both}: write "
            "more of the path, or put the images beside the table",
        )
    return _refused(item, _none(why, seen))


def _none(why: str, seen: Sequence[Namesakes]) -> str:
    """That no image has this name, and which one was perhaps meant."""
    if paged := next((each for each in seen if each.pages), None):
        return (
            f"{why}, and no image of the workspace has this name, but {paged.pages:,} are pages of "
            f"such a file: name each of them, such as '{paged.page}', or put the file beside the "
            "table"
        )
    if apart := next((each.apart for each in seen if each.apart), ""):
        return (
            f"{why}, and no image of the workspace has this name, but '{apart}' is called so in "
            "another folder: put the images beside the table, or name them as they are called on "
            "Data"
        )
    return (
        f"{why}, and no image of the workspace has this name: put the images beside the table, or "
        "name them as they are called on Data"
    )


def _refused(item: Absent, why: str) -> Refused:
    return Refused(item.name, why, row=True)


def _agree(one: str, other: str) -> bool:
    """Whether the shorter of two paths is how the longer one ends, folder by folder."""
    return f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")


def _read(name: str) -> str:
    """How a name reads: however its letters are composed, and without what leads up or nowhere."""
    path = posixpath.normpath(normalize("NFC", name))
    while path.startswith("../"):
        path = path.removeprefix("../")
    return path


def _file(name: str) -> str:
    return name.rpartition("/")[2]
