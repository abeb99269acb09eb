"""JSON files that name images, told apart by content. To add one: its file, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.importing.containers.json import coco, label_studio
from annotator.importing.containers.json.kinds import Kind, kind
from annotator.importing.source import Item, Wanted

KINDS: dict[Kind, Callable[[Path, Wanted], Iterator[Item]]] = {
    "COCO": coco.sources,
    "Label Studio": label_studio.sources,
}


def sources(path: Path, wanted: Wanted) -> Iterator[Item]:
    """Yield the image of each entry, whichever of these kinds it is.

    Raises:
        ImportingError: it is none of them; the message names what was looked for.
    """
    yield from KINDS[kind(path)](path, wanted)
