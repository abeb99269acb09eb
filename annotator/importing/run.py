"""Taking images in: read a source file by file, write what is good, name what is refused."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.model import ClassName, ImportReport, LabelEvent, NewImage, Refused
from annotator.project import Workspace
from annotator.store import Store

BATCH = 500  # images written at once
SEEN_EVERY = 50

Seen = Callable[[int], None]  # called with how many files have been read


def take_in(
    store: Store,
    workspace: Workspace,
    source: Path,
    labels: str | None,
    seen: Seen | None,
    *,
    links: bool = False,
) -> ImportReport:
    """Import a folder or a table; it can be run again, and adds only what is new.

    Links that lead out of the source are followed with `links` alone.

    Raises:
        AnnotatorError: a label that came with the source is too long for a class name.
        ImportingError: nothing can be read from the source, or the workspace cannot be written.
    """
    tally = Tally()
    batch: list[NewImage] = []
    found = scan(source, workspace, store.images.hashes(), labels, links=links)
    for number, item in enumerate(found, 1):
        tally.add(item)
        if isinstance(item, NewImage):
            batch.append(item)
        if len(batch) == BATCH:
            _write(store, batch)
        if seen and number % SEEN_EVERY == 0:
            seen(number)
    _write(store, batch)
    return tally.report(labeled=label(store, tally.labels, "import"))


class Tally:
    """Counts what an import finds, file by file."""

    def __init__(self) -> None:
        self.added = self.duplicates = 0
        self.refused: list[Refused] = []
        self.notes: list[Refused] = []
        self.labels: dict[str, str] = {}  # SHA-256 -> class name that came with the source

    def add(self, item: NewImage | Duplicate | Refused) -> None:
        """Count one file."""
        if isinstance(item, Refused):
            self.refused.append(item)
            return
        if item.label:
            self.labels[item.sha256] = item.label
        if isinstance(item, Duplicate):
            self.duplicates += 1
            return
        self.added += 1
        if item.note:
            self.notes.append(Refused(item.name, item.note))

    def report(self, labeled: int) -> ImportReport:
        """What the import did, of which `labeled` labels were new."""
        refused, notes = tuple(self.refused), tuple(self.notes)
        return ImportReport(self.added, self.duplicates, refused, notes, labeled)


def _write(store: Store, batch: list[NewImage]) -> None:
    settings = store.settings.get()
    store.images.add(batch, test_share=settings.test_share, seed=settings.seed)
    batch.clear()


def label(store: Store, given: Mapping[str, str], annotator: str) -> int:
    """Record labels that came with images as events, adding classes that are new.

    An image that an expert has answered keeps that answer. Returns how many labels were new.

    Raises:
        AnnotatorError: a label is too long for a class name.
    """
    if not given:
        return 0
    client = f"{annotator}-{uuid.uuid4()}"
    with store.db.immediate():  # an answer that comes in meanwhile is not covered by these
        names = {sha: " ".join(name.split()) for sha, name in given.items()}
        known = _classes(store, names.values())
        ids = store.images.hashes()
        answered = {each.image_id for each in store.labels.current()}
        new = [(ids[sha], sha, known[name.casefold()].id) for sha, name in names.items()]
        events = [
            LabelEvent(client, number, "label", image_id, sha, class_id, time.time())
            for number, (image_id, sha, class_id) in enumerate(new, 1)
            if image_id not in answered
        ]
        store.labels.record(events, annotator)
        store.queue.settle((event.image_id for event in events), ())
    return len(events)


def _classes(store: Store, names: Iterable[str]) -> dict[str, ClassName]:
    """The classes of these names, whatever their case; those that are new are added."""
    known = {each.name.casefold(): each for each in store.classes.active()}
    for name in sorted(set(names)):
        if name.casefold() not in known:
            known[name.casefold()] = store.classes.add(name)
    return known
