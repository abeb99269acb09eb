"""Which of what an export of ours says beside labels is taken: what is not here already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.importing.found import Telling
from annotator.importing.tables.own import UNCLEAR
from annotator.model import NO_MARKS, Given
from annotator.store import Store

Said = tuple[str, str, str, Given]  # SHA-256 of the image, kind, text, whose word it is


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to be written, and what is left as it is."""

    said: tuple[Said, ...]
    outweighed: int  # images that nobody could tell there, and that have a label here
    kept_out: int = 0  # such images that the open audit asks about

    @property
    def unclear(self) -> tuple[str, ...]:
        """The images that nobody can tell, by SHA-256."""
        return tuple(sha256 for sha256, kind, _, _ in self.said if kind == "unclear")

    @property
    def marked(self) -> int:
        """How many images get a flag or a note."""
        return len({sha256 for sha256, kind, _, _ in self.said if kind != "unclear"})


def decide(store: Store, told: Mapping[str, Sequence[Telling]], labeled: Collection[str]) -> Beside:
    """Decide on what is told beside labels, by what the workspace has now.

    A label outweighs that nobody can tell, one that is here or one that comes in just now.

    Args:
        store: of the workspace.
        told: SHA-256 -> what is told of the image by each of its files.
        labeled: SHA-256 of the images that have a label, or get one.
    """
    ids = store.images.hashes()
    here = [ids[sha256] for sha256 in told if sha256 in ids]
    unclear, marks = store.beside.unclear(here), store.beside.marks(here)
    said: list[Said] = []
    audited = set(store.audits.asked())
    outweighed = kept_out = 0
    for sha256, tellings in told.items():
        image_id = ids.get(sha256, 0)
        one = next((each for _, each in tellings if each.given.source == UNCLEAR), None)
        if one is not None and sha256 in labeled:
            outweighed += 1
        elif one is not None and image_id not in unclear:
            if image_id in audited:
                kept_out += 1
            else:
                said.append((sha256, "unclear", one.given.why, one.given))
        known = marks.get(image_id, NO_MARKS)
        if any(each.flag for _, each in tellings) and not known.flags:
            said.append((sha256, "flag", "", Given()))
        notes = dict.fromkeys(each.note for _, each in tellings if each.note)
        new = [note for note in notes if note not in (known.note, *_texts(known.notes))]
        said += [(sha256, "note", note, Given()) for note in new[-1:]]
    return Beside(tuple(said), outweighed, kept_out)


def _texts(notes: Sequence[tuple[str, str]]) -> Iterator[str]:
    return (text for _, text in notes)
